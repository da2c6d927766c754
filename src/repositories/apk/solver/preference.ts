import { compareText } from '../../../core/compare-text.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { ApkPackage } from '../packages-index.ts';
import type { Offered } from './universe.ts';

/**
 * Orders those that fill one need: what the parent's repository has, then what was built with the parent, then the
 * version in which the name is provided, of one package its own version, the priority that providers give themselves,
 * and the newest build. Who is chosen already comes before all of them.
 */
export function compareApkProviders(parent: ApkPackage | undefined): (a: Offered, b: Offered) => number {
  return function compare(a, b) {
    const [one, other] = [a.package, b.package];
    return (
      first(isBeside(parent, one), isBeside(parent, other)) ||
      first(one.origin === parent?.origin, other.origin === parent?.origin) ||
      compareVersions(b.offer.version, a.offer.version) ||
      (one.name === other.name ? compareVersions(other.version, one.version) : 0) ||
      other.providerPriority - one.providerPriority ||
      other.built - one.built ||
      compareText(one.name, other.name)
    );
  };
}

function isBeside(parent: ApkPackage | undefined, found: ApkPackage): boolean {
  return found.repository === parent?.repository;
}

function first(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

/** What has no version comes before what has. */
function compareVersions(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return versionSchemes.apk.compare(a, b);
}
