import { readFile } from 'node:fs/promises';
import type { Report } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import { writing } from '../core/write-fault.ts';
import { type Architecture, architectureNames, findArchitecture } from '../distroless/architectures.ts';
import { type LockDemand, lockMisfits } from '../distroless/lock/fits.ts';
import { lockInputs } from '../distroless/lock/inputs.ts';
import type { Lock, LockedArchitecture } from '../distroless/lock/model.ts';
import { parseLock } from '../distroless/lock/read.ts';
import { resolveArchitecture } from '../distroless/lock/resolve.ts';
import { unmetPins } from '../distroless/lock/unmet-pins.ts';
import { lockText } from '../distroless/lock/write.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { recipeSuites } from '../distroless/releases.ts';
import { openPendingFile } from '../image/writer/pending-file.ts';
import { reproducibleGzip } from '../image/writer/reproducible-gzip.ts';
import { type AptArchive, openArchive } from '../repositories/apt/archive.ts';
import type { Suite } from '../repositories/apt/suites.ts';
import type { ArchiveKey } from '../signing/archive-key.ts';
import { archiveKeys } from '../signing/archive-keys.ts';
import { readArchiveKeys } from '../signing/read-archive-keys.ts';
import type { LockUse } from './build.ts';
import { recipeMirrors } from './recipe-mirrors.ts';
import type { Toolbox } from './toolbox.ts';
import type { Bases } from './with-bases.ts';

/** A lock, with the one that was there before. */
export interface LockResult {
  readonly lock: Lock;
  readonly before?: Lock;
}

/**
 * The lock of a recipe: the one of the file when it fits, else resolved anew and written there. Throws
 * `difference.lock` when it is frozen and does not fit.
 */
export async function lockRecipe(
  recipe: Recipe,
  use: LockUse,
  toolbox: Toolbox,
  bases: Bases = new Map(),
): Promise<LockResult> {
  const demand = { inputs: lockInputs(recipe), encoder: reproducibleGzip, architectures: recipe.architectures, bases };
  const { file } = use;
  const before = file === undefined ? undefined : await readLock(file);
  const misfits = before === undefined ? [] : lockMisfits(before, demand);
  if (before !== undefined && misfits.length === 0 && !use.update) return { lock: before, before };
  if (use.frozen) throw new CinzelError('difference.lock', { path: file ?? '--lock', changes: misfits });
  const lock = await resolve(recipe, { ...demand, use }, toolbox);
  if (file !== undefined) await writeLock(file, lockText(lock));
  return before === undefined ? { lock } : { lock, before };
}

async function readLock(file: string): Promise<Lock | undefined> {
  try {
    return parseLock(await readFile(file), file);
  } catch (cause) {
    if (cause instanceof CinzelError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CinzelError('environment.read', { path: file, problem: systemProblem(cause) }, { cause });
  }
}

async function writeLock(file: string, text: string): Promise<void> {
  const pending = await openPendingFile(file);
  try {
    await writing(file, () => pending.handle.writeFile(text));
    await pending.commit();
  } finally {
    await pending.close();
  }
}

async function resolve(
  recipe: Recipe,
  { inputs, encoder, use, bases }: Omit<LockDemand, 'bases'> & { readonly use: LockUse; readonly bases: Bases },
  toolbox: Toolbox,
): Promise<Lock> {
  const { name, version, level } = encoder;
  const { apk } = recipe;
  if (apk !== undefined) {
    const { lockApks } = await import('./apk-archive.ts');
    const locked: Record<string, LockedArchitecture> = {};
    for (const architecture of recipe.architectures) {
      const found = await lockApks(recipe, apk, architecture, toolbox);
      locked[architecture.name] = { suites: [], packages: [], apk: found };
    }
    return { version: 1, inputs, encoder: { name, version, level }, architectures: locked };
  }
  const mirrors = recipeMirrors(recipe, toolbox);
  const keys = [...(await archiveKeys('debian')), ...(await readKeyFiles(recipe.keyFiles))];
  const further = await furtherSuites(recipe);
  const architectures: Record<string, LockedArchitecture> = {};
  for (const architecture of recipe.architectures) {
    const base = bases.get(architecture.name);
    if (base !== undefined && recipe.stages.every(({ packages }) => packages.length === 0)) {
      // Nothing to look up: an image of any distribution may get files.
      architectures[architecture.name] = { from: base.digest, suites: [], packages: [] };
      continue;
    }
    const archive = await openArchive({
      mirrors,
      suites: [...recipeSuites(recipe.release, recipe.suites), ...further],
      pins: recipe.pins,
      components: ['main'],
      architecture: architecture.debian,
      http: await toolbox.http(),
      cache: await toolbox.cache(),
      context: toolbox.context,
      keys,
      allowExpired: use.allowExpired,
      allowEol: use.allowEol,
      report: use.report,
    });
    checkArchitecture(architecture, archive, recipe);
    const locked = resolveArchitecture(recipe, archive, architecture.debian, base);
    reportUnmet(recipe, locked, use.report);
    architectures[architecture.name] = locked;
  }
  return { version: 1, inputs, encoder: { name, version, level }, architectures };
}

/** Throws `usage.architecture` when no suite lists packages for it. */
function checkArchitecture({ name, debian }: Architecture, { releases }: AptArchive, recipe: Recipe): void {
  const { release, stages } = recipe;
  const listed = new Set(releases.flatMap(({ architectures }) => architectures));
  const asksNothing = stages.every(({ packages }) => packages.length === 0);
  if (asksNothing || listed.size === 0 || listed.has(debian)) return;
  const available = architectureNames.filter((one) => listed.has(findArchitecture(one)?.debian ?? ''));
  throw new CinzelError('usage.architecture', {
    release: `Debian ${release.version} (${release.codename})`,
    architecture: name,
    available: available.join(', '),
  });
}

function reportUnmet({ pins }: Recipe, { packages }: LockedArchitecture, report: Report): void {
  const unmet = unmetPins(pins, packages).map(({ name, pinned, version }) => `${name} ${pinned} → ${version}`);
  if (unmet.length === 0) return;
  report({ code: 'build.pins-unmet', severity: 'warning', parameters: { packages: unmet.join(', ') } });
}

/** The suites of archives besides Debian's, each to be signed by that archive's own keys. */
async function furtherSuites({ sources }: Recipe): Promise<readonly Suite[]> {
  const suites = sources.map(async ({ name: archive, suites: names, components, keyFiles }) => {
    const keys = await readKeyFiles(keyFiles);
    return names.map((name) => ({ archive, name, keys, ...(components === undefined ? {} : { components }) }));
  });
  return (await Promise.all(suites)).flat();
}

async function readKeyFiles(keyFiles: readonly string[]): Promise<readonly ArchiveKey[]> {
  const own: ArchiveKey[] = [];
  for (const file of keyFiles) {
    const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
      throw new CinzelError('environment.read', { path: file, problem: systemProblem(cause) }, { cause });
    });
    own.push(...(await readArchiveKeys(bytes, file)));
  }
  return own;
}
