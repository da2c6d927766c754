import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import { said } from '../core/problems.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../formats/tar/write.ts';
import type { RootFile } from './model.ts';
import { findTool } from './tools.ts';

/** Files as the bytes of a tar archive. */
export async function* tarBytes(files: AsyncIterable<RootFile>): AsyncGenerator<Uint8Array> {
  for await (const { header, content } of files) {
    yield tarHeaderBlocks(header);
    if (content.length === 0) continue;
    yield content;
    yield tarPadding(content.length);
  }
  yield tarEnd;
}

/**
 * Lays files out in a new folder. As root with owners, devices and every extended attribute; as another user with what
 * that user may give a file.
 */
export async function unpackFiles(
  files: AsyncIterable<RootFile>,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await mkdir(folder, { recursive: true });
  const args = ['-x', '-f', '-', '-C', folder, '--numeric-owner', '--delay-directory-restore'];
  const privileged = ['-p', '--same-owner', '--xattrs', '--xattrs-include=*'];
  const child = spawn(findTool('tar', environment), [...args, ...(isRoot ? privileged : ['-p', '--no-same-owner'])], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => complaints.push(part));
  // What tar says when it stops reading is told by its exit code.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  for await (const part of tarBytes(isRoot ? files : withoutDevices(files))) {
    if (child.exitCode !== null || child.stdin.destroyed) break;
    if (!child.stdin.write(part)) await Promise.race([once(child.stdin, 'drain'), closed]);
  }
  child.stdin.end();
  const [code] = (await closed) as [number | null];
  if (code === 0) return;
  const problem = Buffer.concat(complaints).toString('utf8').trim().split('\n')[0] ?? '';
  throw new CinzelError('environment.write', { path: folder, problem: said(problem) });
}

async function* withoutDevices(files: AsyncIterable<RootFile>): AsyncGenerator<RootFile> {
  for await (const file of files) {
    const { header } = file;
    if (header.type === 'character' || header.type === 'block') continue;
    // A folder that its owner may not write to could not be removed, nor a file be laid out in it.
    if (header.type === 'directory') yield { ...file, header: { ...header, mode: header.mode | 0o700 } };
    else yield file;
  }
}
