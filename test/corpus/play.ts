import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from './descriptor.ts';
import type { Play, Played } from './inside.ts';
import { command } from './shell.ts';

export interface Run {
  /** As JSON, without what varies from run to run. */
  readonly answers: readonly string[];
  /** What the program and its services wrote, for messages. */
  readonly output: string;
  /** Files that were opened or executed with success, when it was traced. */
  readonly opened: readonly string[];
}

/** Runs an application's image in a sandbox of its own, plays the probes, and ends it. */
export function play(
  { probes, services, mask }: App,
  config: Readonly<Record<string, unknown>>,
  roots: readonly string[],
  { originalRoots = roots, traced = false }: { originalRoots?: readonly string[]; traced?: boolean } = {},
): Run {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-corpus-'));
  try {
    for (const name of ['upper', 'work', 'root', 'trace']) mkdirSync(join(folder, name));
    const request: Play = { folder, roots, originalRoots, config, probes, services, traced };
    writeFileSync(join(folder, 'play.json'), JSON.stringify(request));
    const inside = [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'inside.ts'), folder];
    const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--net', '--ipc', '--uts'];
    command([...apart, '--propagation', 'private', ...inside], { cwd: import.meta.dirname });
    const { answers, output, opened } = JSON.parse(readFileSync(join(folder, 'played.json'), 'utf8')) as Played;
    const masks = mask.map((one) => new RegExp(one, 'g'));
    const masked = (answer: unknown) => masks.reduce((text, one) => text.replaceAll(one, '…'), JSON.stringify(answer));
    return { answers: answers.map(masked), output, opened };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
