import { relative, resolve } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { asArray, asObject, asString, isObject, type JsonValue, parseJson } from '../core/json.ts';
import { type ApkRepository, parseRepositories } from '../repositories/apk/repository.ts';
import { recordedAddress } from '../repositories/apt/mirror-address.ts';
import type { Architecture } from './architectures.ts';
import type { Lock } from './lock/model.ts';
import { parseLock } from './lock/read.ts';
import { lockText } from './lock/write.ts';
import { checkDocument } from './recipe/check-document.ts';
import type { RecipePart } from './recipe/model.ts';
import type { RecipeDocument } from './recipe/schema.ts';

/**
 * The key of an image configuration under which a build leaves what it was made from. Readers must ignore keys that they
 * do not know (image specification, config.md), and engines keep a configuration byte for byte.
 */
export const recordKey = 'cinzel.build';

/** What an image was made from: enough to make it again. */
export interface BuildRecord {
  readonly parts: readonly RecipePart[];
  readonly lock: Lock;
}

/**
 * The record of one architecture's image. It leaves out what does not decide the bytes: addresses of archives and keys,
 * folders of this machine beyond how they lie to each other, and which signed indexes there were, so that the same packages give the same image.
 */
export function buildRecord(parts: readonly RecipePart[], lock: Lock, { name }: Architecture): JsonValue {
  const main = parts.findLast(({ folder }) => folder !== undefined)?.folder;
  const locked = lock.architectures[name] ?? { suites: [], packages: [] };
  const { from, packages, apk } = locked;
  const kept = {
    ...(from === undefined ? {} : { from }),
    suites: [],
    packages,
    ...(apk === undefined ? {} : { apk: { ...apk, repositories: [] } }),
  };
  const own = { ...lock, architectures: { [name]: kept } };
  const recipe: JsonValue[] = [];
  for (const { document, folder } of parts) {
    const { mirror: _, keys: __, architectures: ___, ...rest } = document;
    recipe.push({
      ...(folder === undefined || main === undefined ? {} : { folder: relative(main, folder) }),
      // Read as it will be read, so that the order of its keys is that of the schema.
      document: checkDocument(withoutAddresses(rest), recordKey) as JsonValue,
    });
  }
  return { version: 1, recipe, lock: parseJson(lockText(own), recordKey) };
}

/** Addresses of archives may hold passwords, and are another machine's business. */
function withoutAddresses({ sources, repositories, ...rest }: RecipeDocument): RecipeDocument {
  return {
    ...rest,
    ...(sources && { sources: sources.map((source) => ({ ...source, mirror: recordedAddress(source.name) })) }),
    ...(repositories && { repositories: parseRepositories(repositories).map(recordedRepository) }),
  };
}

function recordedRepository({ tag, label }: ApkRepository): string {
  return `${tag === undefined ? '' : `@${tag} `}${recordedAddress(label)}`;
}

/**
 * The record in an image configuration; files of the project are looked for below the folder. Throws `untrusted.*` when
 * there is none, or none that can be understood.
 */
export function readBuildRecord(config: Uint8Array, what: string, folder: string): BuildRecord {
  const record = asObject(asObject(parseJson(config, what))?.[recordKey]);
  if (record === undefined || record['version'] !== 1) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-build-record' });
  }
  const parts: RecipePart[] = [];
  for (const part of asArray(record['recipe'])) {
    const written = asObject(part);
    const document = checkDocument(isObject(written?.['document']) ? written['document'] : {}, what);
    const place = asString(written?.['folder']);
    parts.push({ document, ...(place === undefined ? {} : { folder: resolve(folder, place) }) });
  }
  return { parts, lock: parseLock(Buffer.from(JSON.stringify(record['lock'] ?? {})), what) };
}
