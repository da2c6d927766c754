import { asObject, type JsonObject, parseJson } from '../../core/json.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';

/**
 * The files that `NAME.deps.json` says an application is made of (dotnet/sdk, runtime-configuration-file.md): those of
 * its own folder by their name alone, resources in a folder of their language, and those for some machines where the list
 * says or by their name too. Undefined for what is no such file.
 */
export function dependencyFiles(bytes: Uint8Array, list: ImagePath): readonly ImagePath[] | undefined {
  const document = tryJson(bytes, list);
  const targets = asObject(document?.['targets']);
  if (targets === undefined) return undefined;
  const folder = parentPath(list);
  const libraries = objectsIn(targets).flatMap(objectsIn);
  const files = libraries.flatMap((library) => [
    ...keysOf(library['runtime']).map(baseName),
    ...keysOf(library['native']).map(baseName),
    ...keysOf(library['resources']).map((path) => path.split('/').slice(-2).join('/')),
    ...keysOf(library['runtimeTargets'])
      .filter(isForLinux)
      .flatMap((path) => [path, baseName(path)]),
  ]);
  return [...new Set(files)].filter(isInside).map((file) => joinPath(folder, file));
}

/** Runtime identifiers that Linux falls back to: itself, its distributions, Unix, any. */
function isForLinux(path: string): boolean {
  return !/^runtimes\/(?:win|osx|ios|maccatalyst|tvos|android|browser|freebsd|illumos|solaris)/.test(path);
}

function isInside(path: string): boolean {
  return path !== '' && !path.split('/').includes('..') && !path.startsWith('/');
}

function objectsIn(value: JsonObject): readonly JsonObject[] {
  return Object.values(value).flatMap((item): JsonObject[] => {
    const object = asObject(item);
    return object === undefined ? [] : [object];
  });
}

function keysOf(value: JsonObject[string]): readonly string[] {
  return Object.keys(asObject(value) ?? {});
}

function tryJson(bytes: Uint8Array, list: ImagePath): JsonObject | undefined {
  try {
    return asObject(parseJson(bytes, list));
  } catch {
    return undefined;
  }
}
