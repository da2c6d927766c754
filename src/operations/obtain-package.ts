import { downloadDeb, type WantedDeb } from '../repositories/apt/download.ts';
import type { Mirrors } from '../repositories/apt/mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** Gives the verified bytes of a package: from the cache, else from the archive. */
export async function obtainPackage(locked: WantedDeb, mirrors: Mirrors, toolbox: Toolbox): Promise<Uint8Array> {
  const { context } = toolbox;
  return downloadDeb(locked, { mirrors, context, http: await toolbox.http(), cache: await toolbox.cache() });
}
