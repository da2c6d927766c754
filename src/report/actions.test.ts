import { describe, expect, it } from 'vitest';
import { english } from '../i18n/en/index.ts';
import { actionText } from './action-text.ts';
import { bestActions, includes } from './actions.ts';
import type { PackageGroup } from './package-groups.ts';

function group(name: string, layer: number, fixable: number, type: PackageGroup['type'] = 'deb'): PackageGroup {
  const fixed = fixable === 0 ? {} : { fixedVersion: '2' };
  const common = {
    installedVersion: '1',
    packages: [name],
    vulnerabilities: [],
    answers: new Map(),
    worst: 'high',
  } as const;
  return { group: `${type}/${name}@1`, type, name, layer, fixable, ...common, ...fixed };
}

const image = { layers: [{ index: 0, size: 1, verified: 'read' }] } as const;

const texts = (groups: readonly PackageGroup[], layers?: number): readonly string[] => {
  return bestActions(groups, layers === undefined ? image : { ...image, base: { name: 'debian:12', layers } }).map(
    (action) => actionText(action, english),
  );
};

describe('what removes most', () => {
  it('is an upgrade or a layer built again, then the best of the rest', () => {
    const groups = [group('a', 0, 3), group('b', 1, 1), group('c', 1, 1), group('d', 2, 1, 'npm'), group('e', 2, 0)];
    expect(texts(groups)).toEqual([
      'Upgrade a 1 to 2: removes 3 vulnerabilities',
      'Rebuild layer 1 with current packages: removes 2 vulnerabilities in 2 packages',
    ]);
    expect(texts([group('a', 0, 0)])).toEqual([]);
  });

  it('is no layer where there are none, as in an SBOM', () => {
    const groups = [group('a', 0, 1), group('b', 0, 2)];
    const actions = bestActions(groups, { layers: [] }).map((action) => actionText(action, english));
    expect(actions).toEqual([
      'Upgrade b 1 to 2: removes 2 vulnerabilities',
      'Upgrade a 1 to 2: removes 1 vulnerability',
    ]);
  });

  it('is a newer base for what all layers of the base brought', () => {
    const groups = [group('a', 0, 1), group('b', 1, 1), group('c', 2, 1), group('d', 1, 1, 'npm')];
    expect(texts(groups, 2)).toEqual([
      'Use a newer base image than debian:12: removes up to 2 vulnerabilities in 2 packages',
      'Upgrade c 1 to 2: removes 1 vulnerability',
    ]);
    const [rebase] = bestActions(groups, { ...image, base: { name: 'debian:12', layers: 2 } });
    expect(groups.filter((one) => rebase && includes(rebase, one)).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
