import { resolve } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { knownArchitecture } from '../architectures.ts';
import { baseReference } from '../base/reference.ts';
import { type DebianRelease, findRelease, newestRelease } from '../releases.ts';
import { compileAccounts } from './compile-accounts.ts';
import { compileApk } from './compile-apk.ts';
import { compileFile } from './compile-file.ts';
import { compileRuntime } from './compile-runtime.ts';
import { compilePins, compileSources } from './compile-sources.ts';
import type { DataClasses, Layering, Recipe, RecipePart, Runtime, Stage } from './model.ts';
import { compilePackage } from './package-request.ts';
import type { RecipeDocument } from './schema.ts';

/** Layers of a package each before the rest share one: enough to share well, few enough to pull fast. */
const defaultBudget = 12;

/**
 * Makes one recipe of a chain, the recipe that the others are made from first. Of a key with one value the last counts;
 * maps are merged; lists of packages, files, users and groups are joined, of users and groups the last of a name.
 */
export function compileRecipe(name: string, parts: readonly RecipePart[]): Recipe {
  const documents = parts.map(({ document }) => document);
  const last = <Key extends keyof RecipeDocument>(key: Key): RecipeDocument[Key] | undefined =>
    documents.findLast((document) => document[key] !== undefined)?.[key];
  const base = baseReference(parts);
  const { users, groups } = compileAccounts(documents, base !== undefined);
  const stages = parts.map(compileStage);
  const packages = stages.flatMap((stage) => stage.packages.map((one) => one.name));
  const runtime = compileRuntime(documents, {
    users,
    packages,
    ...(base === undefined ? { user: userOf(parts) } : { user: writtenUser(parts), isOnImage: true }),
  });
  const apk = compileApk(parts);
  const suites = last('suites');
  const mirror = last('mirror');
  const osRelease = last('os-release');
  if (base !== undefined)
    checkOnImage(base.written, {
      'ld-cache': last('ld-cache'),
      'merged-usr': last('merged-usr'),
      repositories: apk,
    });
  return {
    name,
    release: releaseOf(last('distribution'), last('merged-usr')),
    ...(base === undefined ? {} : { base }),
    ...(apk === undefined ? {} : { apk }),
    ...(suites === undefined ? {} : { suites }),
    ...(mirror === undefined ? {} : { mirror }),
    sources: compileSources(parts),
    pins: compilePins(parts),
    keyFiles: filesOf(parts, 'keys'),
    architectures: (last('architectures') ?? ['amd64']).map(knownArchitecture),
    stages: [...stages, ...healthcheckStage(runtime, packages)],
    users,
    groups,
    capabilities: merged(documents.map(({ capabilities }) => capabilities)),
    ...(osRelease === undefined ? {} : { osRelease }),
    classes: classesOf({ timezones: listOf(last('timezone')), locales: last('locales'), charsets: last('charsets') }),
    certificateFiles: filesOf(parts, 'certificates'),
    ldCache: last('ld-cache') ?? false,
    layering: compileLayering(last('layering')),
    runtime,
    checks: parts.flatMap(({ checks = [] }) => checks),
    annotations: merged(documents.map(({ annotations }) => annotations)),
    parts,
  };
}

/** Later maps override earlier ones, in the order in which keys first came. */
export function merged<Value>(
  maps: readonly (Readonly<Record<string, Value>> | undefined)[],
): Readonly<Record<string, Value>> {
  return Object.assign({}, ...maps);
}

function listOf(value: string | string[] | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? [value] : value;
}

/**
 * What a user writes runs without rights unless it says otherwise: that a ready recipe runs as root, as the images do
 * which it equals, is not passed on.
 */
function userOf(parts: readonly RecipePart[]): string {
  const users = (some: readonly RecipePart[]): readonly string[] =>
    some.flatMap(({ document: { user } }) => (user === undefined ? [] : [String(user)]));
  const written = parts.filter(({ folder }) => folder !== undefined);
  if (written.length === 0) return users(parts).at(-1) ?? '0';
  return users(written).at(-1) ?? users(parts).findLast((user) => user !== '0') ?? '65532';
}

function writtenUser(parts: readonly RecipePart[]): string | undefined {
  const user = parts.findLast(({ document }) => document.user !== undefined)?.document.user;
  return user === undefined ? undefined : String(user);
}

/** What would have to rewrite what an image below has. */
function checkOnImage(image: string, keys: Readonly<Record<string, unknown>>): void {
  const [key] = Object.keys(keys).filter((one) => keys[one] !== undefined && keys[one] !== false);
  if (key === undefined) return;
  throw new CinzelError('usage.base-image', { image, problem: { kind: 'not-on-image', key } });
}

/** BusyBox, for a healthcheck that nothing else in the image could do. */
function healthcheckStage({ applets = [] }: Runtime, packages: readonly string[]): readonly Stage[] {
  if (applets.length === 0 || packages.includes('busybox-static')) return [];
  return [
    {
      ready: true,
      packages: [{ name: 'busybox-static', selection: { slices: ['healthcheck'] } }],
      followDependencies: false,
      without: [],
      files: [],
    },
  ];
}

function filesOf(parts: readonly RecipePart[], key: 'keys' | 'certificates'): readonly string[] {
  return parts.flatMap(({ document, folder = '' }) => (document[key] ?? []).map((file) => resolve(folder, file)));
}

function classesOf(lists: { readonly [Key in keyof DataClasses]-?: DataClasses[Key] | undefined }): DataClasses {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}

function releaseOf(id: string | undefined, mergedUsr: boolean | undefined): DebianRelease {
  const release = (id === undefined ? undefined : findRelease(id)) ?? newestRelease;
  return mergedUsr === undefined ? release : { ...release, mergedUsr };
}

function compileStage({ document, folder }: RecipePart): Stage {
  return {
    ready: folder === undefined,
    packages: (document.packages ?? []).map(compilePackage),
    followDependencies: document.dependencies !== 'listed',
    without: document.without ?? [],
    files: (document.files ?? []).map((file) => compileFile(file, folder ?? '')),
  };
}

function compileLayering(written: RecipeDocument['layering']): Layering {
  if (written === undefined || written === 'packages') return { kind: 'packages', budget: defaultBudget };
  if (written === 'google' || written === 'single') return { kind: written };
  return { kind: 'packages', budget: written.budget };
}
