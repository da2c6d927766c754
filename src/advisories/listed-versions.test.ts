import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluateAffected } from '../findings/osv-evaluate.ts';
import { withoutRedundantVersions } from './listed-versions.ts';
import type { RangeEvent } from './model.ts';

const versions = [
  '0',
  '0.9',
  '1.0',
  '1.0.0',
  '1.0rc1',
  '1.5',
  'v1.5',
  '2.0',
  '2.0.post1',
  '3.0',
  'odd!',
  '1.0p1',
  'unknown',
];

it('leaving out listed versions changes no answer', () => {
  const version = fc.constantFrom(...versions);
  const event: fc.Arbitrary<RangeEvent> = fc.oneof(
    version.map((introduced) => ({ introduced })),
    version.map((fixed) => ({ fixed })),
    version.map((last_affected) => ({ last_affected })),
    version.map((limit) => ({ limit })),
  );
  const range = fc.record({
    type: fc.constantFrom('SEMVER' as const, 'ECOSYSTEM' as const),
    events: fc.array(event, { minLength: 1, maxLength: 4 }),
  });
  const entry = fc.record({
    ecosystem: fc.constantFrom('PyPI', 'npm', 'Debian:12', 'Alpine', 'Alpine:v3.18', 'GitHub Actions', 'Packagist'),
    name: fc.constant('x'),
    ranges: fc.array(range, { maxLength: 2 }),
    versions: fc.array(version, { maxLength: 5 }),
  });
  fc.assert(
    fc.property(entry, (affected) => {
      const reduced = withoutRedundantVersions(affected);
      for (const asked of versions) {
        const isAffected = evaluateAffected(affected, asked) !== undefined;
        expect([asked, evaluateAffected(reduced, asked) !== undefined]).toEqual([asked, isAffected]);
      }
    }),
    { numRuns: 4_000, seed: 9 },
  );
});
