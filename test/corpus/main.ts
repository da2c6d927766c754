// `npm run corpus [-- NAME…]`: builds each application's fat image, slims it without a trace, runs both, and measures.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readApps } from './descriptor.ts';
import { type Measured, measure } from './measure.ts';
import { writeTable } from './table.ts';
import { unansweredOf, violationsOf } from './violations.ts';

const cache = process.env['CINZEL_CORPUS_DIR'] ?? join(import.meta.dirname, '../../.corpus');
mkdirSync(cache, { recursive: true });
const names = process.argv.slice(2);
const all: Measured[] = [];
let failed = false;
for (const app of readApps(names)) {
  try {
    const one = await measure(app, cache);
    all.push(one);
    const { fat, slim, kept, traced, answered, unopened } = one;
    const size = `${(fat.bytes / 1e6).toFixed(1)} → ${(slim.bytes / 1e6).toFixed(1)} MB`;
    const counts = `${fat.packages} → ${slim.packages} packages, ${fat.vulnerabilities} → ${slim.vulnerabilities} CVEs`;
    console.log(
      `${app.name}: ${size}, ${counts}, kept/opened ${(kept / traced).toFixed(2)}, answered ${answered.toFixed(2)}`,
    );
    if (kept > 2 * traced)
      for (const { what, bytes, reason } of unopened)
        console.log(`  ${(bytes / 1e6).toFixed(2)} MB ${what} (${reason})`);
    const violations = [...violationsOf(one), ...unansweredOf(one)];
    failed ||= violations.length > 0;
    for (const violation of violations) console.log(`  WRONG: ${violation}`);
    if (answered < 1) for (const reason of one.unanswered) console.log(`  ? ${reason}`);
  } catch (error) {
    failed = true;
    console.log(app.name, error);
  }
}
// A part of the corpus is no table of it.
if (names.length === 0) writeTable(all);
process.exitCode = failed ? 1 : 0;
