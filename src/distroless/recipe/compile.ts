import { resolve } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { type Architecture, architectureNames, findArchitecture } from '../architectures.ts';
import { type DebianRelease, findRelease, newestRelease } from '../releases.ts';
import { compileFile } from './compile-file.ts';
import { compileRuntime } from './compile-runtime.ts';
import type { DataClasses, Group, Layering, Recipe, Stage, User } from './model.ts';
import { compilePackage } from './package-request.ts';
import type { RecipeDocument } from './schema.ts';

/** One recipe of a chain, with the folder that its paths are relative to. */
export interface RecipePart {
  readonly document: RecipeDocument;
  /** Absent for a recipe that comes with Cinzel. */
  readonly folder?: string;
}

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
  const users = lastOfName(documents.flatMap((document) => document.users ?? [])).map(compileUser);
  const suites = last('suites');
  const mirror = last('mirror');
  const osRelease = last('os-release');
  return {
    name,
    release: releaseOf(last('distribution')),
    ...(suites === undefined ? {} : { suites }),
    ...(mirror === undefined ? {} : { mirror }),
    keyFiles: filesOf(parts, 'keys'),
    architectures: (last('architectures') ?? ['amd64']).map(architectureOf),
    stages: parts.map(compileStage),
    users,
    groups: lastOfName(documents.flatMap((document) => document.groups ?? [])).map(compileGroup),
    ...(osRelease === undefined ? {} : { osRelease }),
    classes: classesOf({ timezones: last('timezones'), locales: last('locales'), charsets: last('charsets') }),
    certificateFiles: filesOf(parts, 'certificates'),
    ldCache: last('ld-cache') ?? false,
    layering: compileLayering(last('layering')),
    runtime: compileRuntime(documents, users),
    annotations: merged(documents.map(({ annotations }) => annotations)),
  };
}

/** Later maps override earlier ones, in the order in which keys first came. */
export function merged<Value>(
  maps: readonly (Readonly<Record<string, Value>> | undefined)[],
): Readonly<Record<string, Value>> {
  return Object.assign({}, ...maps);
}

function filesOf(parts: readonly RecipePart[], key: 'keys' | 'certificates'): readonly string[] {
  return parts.flatMap(({ document, folder = '' }) => (document[key] ?? []).map((file) => resolve(folder, file)));
}

function classesOf(lists: { readonly [Key in keyof DataClasses]-?: DataClasses[Key] | undefined }): DataClasses {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}

function releaseOf(id: string | undefined): DebianRelease {
  return (id === undefined ? undefined : findRelease(id)) ?? newestRelease;
}

function architectureOf(name: string): Architecture {
  const found = findArchitecture(name);
  if (found === undefined) {
    throw new CinzelError('usage.value', { name: '--arch', value: name, allowed: architectureNames.join(', ') });
  }
  return found;
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

function lastOfName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

type WrittenUser = NonNullable<RecipeDocument['users']>[number];
type WrittenGroup = NonNullable<RecipeDocument['groups']>[number];

function compileUser({ name, uid, gid, home, shell, description }: WrittenUser): User {
  return {
    name,
    uid,
    gid: gid ?? uid,
    home: home ?? '/nonexistent',
    shell: shell ?? '/sbin/nologin',
    description: description ?? name,
  };
}

function compileGroup({ name, gid, members }: WrittenGroup): Group {
  return { name, gid, members: members ?? [] };
}

function compileLayering(written: RecipeDocument['layering']): Layering {
  if (written === undefined || written === 'packages') return { kind: 'packages', budget: defaultBudget };
  if (written === 'google' || written === 'single') return { kind: written };
  return { kind: 'packages', budget: written.budget };
}
