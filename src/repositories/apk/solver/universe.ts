import { versionSchemes } from '../../../versions/index.ts';
import type { Exclusion, Need, Universe } from '../../apt/solver/universe.ts';
import type { ApkPackage } from '../packages-index.ts';
import {
  type ApkOffer,
  type ApkRelation,
  formatApkRelation,
  offerFits,
  parseApkRelation,
  parseOffers,
  words,
} from '../relation.ts';
import { compareApkProviders } from './preference.ts';

/** Where packages are found by name. */
export interface ApkSource {
  readonly packages: readonly ApkPackage[];
  /** Packages of a name, and those that provide it, each with the version in which it does. */
  readonly offersOf: (name: string) => readonly Offered[];
}

export interface Offered {
  readonly package: ApkPackage;
  readonly offer: ApkOffer;
}

export interface ApkUniverse extends Universe<ApkPackage> {
  readonly requestFor: (relation: ApkRelation) => Need<ApkPackage>;
}

export interface ApkUniverseOptions {
  /** Packages that are taken as having no needs and shutting nothing out. */
  readonly isSettled: (found: ApkPackage) => boolean;
  /** What must not be chosen. */
  readonly forbidden: readonly ApkRelation[];
}

/** What an index holds, by name. Packages for other processors are no part of it. */
export function apkSource(packages: readonly ApkPackage[], architecture: string): ApkSource {
  const usable = packages.filter((found) => [architecture, 'noarch', ''].includes(found.architecture));
  const offers = new Map<string, Offered[]>();
  for (const found of usable) {
    for (const offer of offersOf(found)) {
      const known = offers.get(offer.name);
      if (known === undefined) offers.set(offer.name, [{ package: found, offer }]);
      else known.push({ package: found, offer });
    }
  }
  return { packages: usable, offersOf: (name) => offers.get(name) ?? [] };
}

function offersOf({ name, version, provides }: ApkPackage): readonly ApkOffer[] {
  return [{ name, version }, ...parseOffers(provides)];
}

/**
 * The rules of apk as needs and exclusions. A package shuts out what its `!` relations name, and who has one of its
 * names too, each with a version: of `so:libssl.so.3=3` there is one provider in a system (apk-package(5), provides).
 */
export function createApkUniverse(source: ApkSource, { isSettled, forbidden }: ApkUniverseOptions): ApkUniverse {
  const isForbidden = ({ package: found, offer }: Offered): boolean =>
    forbidden.some((relation) => relation.name === offer.name && offerFits(offer, relation, found.checksum));
  const shutOut = new Set(
    forbidden.flatMap(({ name }) => source.offersOf(name).filter(isForbidden)).map((one) => one.package),
  );
  const matching = (relation: ApkRelation): readonly Offered[] =>
    source
      .offersOf(relation.name)
      .filter(({ package: found, offer }) => !shutOut.has(found) && offerFits(offer, relation, found.checksum));

  function needFor(relation: ApkRelation, parent?: ApkPackage): Need<ApkPackage> {
    const tag = relation.tag ?? parent?.repository.tag;
    const allowed = matching(relation).filter(({ package: { repository } }) =>
      relation.tag === undefined
        ? repository.tag === undefined || repository.tag === tag
        : repository.tag === relation.tag,
    );
    const ordered = allowed.toSorted(compareApkProviders(relation.tag === undefined ? parent : undefined));
    return {
      alternatives: [{ name: formatApkRelation(relation) }],
      solutions: [...new Set(ordered.map((one) => one.package))],
    };
  }

  const known = new Map<ApkPackage, readonly Need<ApkPackage>[]>();
  function needsOf(found: ApkPackage): readonly Need<ApkPackage>[] {
    const needs =
      known.get(found) ?? (isSettled(found) ? [] : relationsOf(found).flatMap((text) => readNeed(text, found)));
    known.set(found, needs);
    return needs;
  }

  /** What cannot be read cannot be filled. */
  function readNeed(text: string, found: ApkPackage): readonly Need<ApkPackage>[] {
    const relation = parseApkRelation(text);
    if (relation === undefined) return [{ alternatives: [{ name: text }], solutions: [] }];
    return relation.isConflict ? [] : [needFor(relation, found)];
  }

  function exclusionsOf(found: ApkPackage): readonly Exclusion<ApkPackage>[] {
    if (isSettled(found)) return [];
    const conflicts = relationsOf(found)
      .flatMap((text) => parseApkRelation(text) ?? [])
      .filter(({ isConflict }) => isConflict)
      .map((relation) => ({ relation, rivals: matching(relation) }));
    const names = offersOf(found)
      .filter(({ version }) => version !== undefined)
      .map(({ name }) => ({
        relation: { name, isConflict: true },
        rivals: source.offersOf(name).filter(({ offer }) => offer.version !== undefined),
      }));
    return [...conflicts, ...names].flatMap(({ relation, rivals }) => {
      const excluded = rivals
        .map((one) => one.package)
        .filter((other) => other.name !== found.name && !isSettled(other));
      return excluded.length === 0
        ? []
        : [{ relation: { name: formatApkRelation(relation) }, excluded: [...new Set(excluded)] }];
    });
  }

  return { versionsOf: (text) => versionsNamed(text, source), requestFor: needFor, needsOf, exclusionsOf };
}

function relationsOf({ depends }: ApkPackage): readonly string[] {
  return words(depends);
}

/** The versions that there are of what a relation names, whether they fit or not, the newest first. */
export function versionsNamed(text: string, source: ApkSource): readonly ApkPackage[] {
  const { name = text } = parseApkRelation(text) ?? {};
  return source
    .offersOf(name)
    .map((one) => one.package)
    .filter((found) => found.name === name)
    .sort((a, b) => versionSchemes.apk.compare(b.version, a.version));
}
