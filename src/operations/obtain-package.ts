import { CinzelError, isCinzelError } from '../core/errors.ts';
import type { LockedPackage } from '../distroless/lock/model.ts';
import type { Mirrors } from '../repositories/apt/mirrors.ts';
import { verified } from '../repositories/apt/packages-index.ts';
import type { Toolbox } from './toolbox.ts';

/** Gives the verified bytes of a package: from the cache, else from the archive. */
export async function obtainPackage(locked: LockedPackage, mirrors: Mirrors, toolbox: Toolbox): Promise<Uint8Array> {
  const cache = await toolbox.cache();
  const key = `deb/${locked.sha256}`;
  const known = await cache.get(key);
  if (known !== undefined) return known;
  const bytes = await download(locked, mirrors, toolbox);
  await cache.put(key, bytes);
  return bytes;
}

async function download(locked: LockedPackage, mirrors: Mirrors, { http, context }: Toolbox): Promise<Uint8Array> {
  const { filename, size, archive } = locked;
  const task = `download ${filename}`;
  context.progress({ kind: 'start', task, what: 'download', name: `${locked.name} ${locked.version}`, total: size });
  try {
    const response = await (await http()).request(`${mirrors[archive]}/${filename}`, { signal: context.signal });
    const parts: Uint8Array[] = [];
    let done = 0;
    for await (const part of verified(response.body, locked, filename)) {
      parts.push(part);
      done += part.length;
      context.progress({ kind: 'advance', task, done });
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (isCinzelError(error, 'environment.http') && error.parameters.status === 404) throw superseded(locked, error);
    throw error;
  } finally {
    context.progress({ kind: 'end', task });
  }
}

/** Mirrors keep the newest versions only; the snapshot archive keeps every one that there was. */
function superseded({ name, version, source, sourceVersion }: LockedPackage, cause: unknown): CinzelError {
  const snapshot = `https://snapshot.debian.org/package/${source}/${encodeURIComponent(sourceVersion)}/`;
  return new CinzelError('environment.superseded', { package: `${name} ${version}`, snapshot }, { cause });
}
