import { CinzelError, isCinzelError } from '../../../core/errors.ts';
import { search } from '../../apt/solver/search.ts';
import type { Solved } from '../../apt/solver/solve.ts';
import type { Chosen } from '../../apt/solver/walk.ts';
import type { ApkPackage } from '../packages-index.ts';
import { type ApkRelation, offerFits, parseApkRelation, words } from '../relation.ts';
import { type ApkSource, createApkUniverse, versionsNamed } from './universe.ts';

export interface SolveApkOptions {
  /** Packages that are taken as having no needs and shutting nothing out. */
  readonly isSettled?: (found: ApkPackage) => boolean;
  /** Names that `install_if` must not bring. */
  readonly without?: ReadonlySet<string>;
  /** Literals to look at before giving up. */
  readonly steps?: number;
}

type Result = ReadonlyMap<ApkPackage, Chosen<ApkPackage>>;

/**
 * The packages that a world needs (apk-world(5)): `name`, `name=version`, `name>=version`, `name~version`, `so:…`,
 * `cmd:…`, each with `@tag`, and `!name` for what must not come. Packages whose `install_if` the result meets are
 * added, as far as they can be. Throws `usage.value`, `usage.unsatisfiable`, `usage.unsolved`.
 */
export function solveApk(
  world: readonly string[],
  source: ApkSource,
  options: SolveApkOptions = {},
): readonly Solved<ApkPackage>[] {
  const asked = world.map(readRequest);
  const attempt = (extra: readonly ApkPackage[]): Result => {
    const universe = createApkUniverse(source, {
      isSettled: options.isSettled ?? (() => false),
      forbidden: asked.filter(({ isConflict }) => isConflict),
    });
    const requests = [
      ...asked.filter(({ isConflict }) => !isConflict).map((relation) => universe.requestFor(relation)),
      ...extra.map((found) => ({ alternatives: [{ name: `${found.name}=${found.version}` }], solutions: [found] })),
    ];
    return search(requests, universe, {
      wanted: world,
      versionsOf: (text) => versionsNamed(text, source),
      ...(options.steps === undefined ? {} : { steps: options.steps }),
    });
  };
  const result = withTriggered(attempt, source, options.without ?? new Set());
  return [...result.values()].map(({ package: found, wantedBy, need }) => ({
    package: found,
    ...(wantedBy === undefined ? {} : { wantedBy: wantedBy.name }),
    need: need.alternatives.map(({ name }) => name).join(' | '),
  }));
}

function readRequest(text: string): ApkRelation {
  const relation = parseApkRelation(text);
  if (relation !== undefined) return relation;
  throw new CinzelError('usage.value', {
    name: 'packages',
    value: text,
    allowed: 'NAME, NAME=VERSION, NAME~VERSION, !NAME, …@TAG',
  });
}

/** Adds what the result itself calls for, until it calls for nothing more. */
function withTriggered(
  attempt: (extra: readonly ApkPackage[]) => Result,
  source: ApkSource,
  without: ReadonlySet<string>,
): Result {
  const conditional = source.packages.filter(
    ({ installIf, repository }) => installIf !== '' && repository.tag === undefined,
  );
  const refused = new Set<ApkPackage>();
  let extra: readonly ApkPackage[] = [];
  let result = attempt(extra);
  for (;;) {
    const names = new Set([...result.keys()].map(({ name }) => name));
    const [next] = conditional
      .filter((found) => !names.has(found.name) && !without.has(found.name) && !refused.has(found))
      .filter((found) => versionsNamed(found.name, source)[0] === found && isTriggered(found, result, source));
    if (next === undefined) return result;
    refused.add(next);
    try {
      result = attempt([...extra, next]);
      extra = [...extra, next];
    } catch (error) {
      if (!isCinzelError(error, 'usage.unsatisfiable')) throw error;
    }
  }
}

function isTriggered({ installIf }: ApkPackage, result: Result, source: ApkSource): boolean {
  return words(installIf).every((text) => {
    const relation = parseApkRelation(text);
    if (relation === undefined) return false;
    const isThere = source
      .offersOf(relation.name)
      .some(({ package: found, offer }) => result.has(found) && offerFits(offer, relation, found.checksum));
    return isThere !== relation.isConflict;
  });
}
