import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { VersionScheme } from '../scheme.ts';
import type { VersionPair } from './oracle.ts';

/** Asks dpkg whether it sees each pair as the scheme does; a process a pair, in two shells at once. */
const script =
  'while read -r a relation b; do dpkg --compare-versions "$a" "$relation" "$b" || echo "not $a $relation $b"; done';

/** The relations that dpkg denies. */
export async function compareByDpkg(scheme: VersionScheme, pairs: readonly VersionPair[]): Promise<readonly string[]> {
  const claims = pairs.map(([a, b]) => `${a} ${relation(scheme.compare(a, b))} ${b}`);
  const half = Math.ceil(claims.length / 2);
  const denials = await Promise.all([denied(claims.slice(0, half)), denied(claims.slice(half))]);
  return denials.flat();
}

function relation(order: number): 'lt' | 'eq' | 'gt' {
  if (order === 0) return 'eq';
  return order < 0 ? 'lt' : 'gt';
}

async function denied(claims: readonly string[]): Promise<readonly string[]> {
  const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.end(claims.map((claim) => `${claim}\n`).join(''));
  const output = await text(shell.stdout);
  return output.split('\n').filter((line) => line !== '');
}
