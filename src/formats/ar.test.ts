import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { arMembers } from './ar.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-ar-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array, size = 7): Promise<[string, string][]> {
  const members: [string, string][] = [];
  for await (const member of arMembers(chunksOf(bytes, size))) {
    const parts: Uint8Array[] = [];
    for await (const part of member.content) parts.push(part);
    members.push([member.name, Buffer.concat(parts).toString()]);
  }
  return members;
}

function member(name: string, content: string, size = String(content.length)): string {
  const header = `${name.padEnd(16)}${'1700000000'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
  return `${header}${size.padEnd(10)}\`\n${content}${content.length % 2 === 1 ? '\n' : ''}`;
}

const example = Buffer.from(`!<arch>\n${member('first', 'odd')}${member('second/', '')}${member('third', 'even')}`);

describe('arMembers', () => {
  it.each([1, 7, 60, 4096])('reads names and contents from chunks of %i bytes', async (size) => {
    expect(await readAll(example, size)).toEqual([
      ['first', 'odd'],
      ['second', ''],
      ['third', 'even'],
    ]);
  });

  it.skipIf(!process.env['CI'] && spawnSync('ar', ['--version']).status !== 0)('reads what ar writes', async () => {
    writeFileSync(join(folder, 'a'), 'content of a');
    writeFileSync(join(folder, 'b.txt'), 'odd');
    execFileSync('ar', ['rcD', 'out.a', 'a', 'b.txt'], { cwd: folder });
    expect(await readAll(readFileSync(join(folder, 'out.a')))).toEqual([
      ['a', 'content of a'],
      ['b.txt', 'odd'],
    ]);
  });

  it('skips what the consumer did not read, wholly or in part', async () => {
    const names: string[] = [];
    for await (const { name, content } of arMembers(chunksOf(example, 2))) {
      names.push(name);
      if (name === 'first') for await (const _ of content) break;
    }
    expect(names).toEqual(['first', 'second', 'third']);
  });

  it('stops the producer when the consumer leaves early', async () => {
    let stopped = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield example;
        yield example;
      } finally {
        stopped = true;
      }
    }
    for await (const _ of arMembers(source())) break;
    expect(stopped).toBe(true);
  });

  it('gives the modification time', async () => {
    for await (const { mtime } of arMembers(chunksOf(example, 100))) expect(mtime).toBe(1_700_000_000);
  });

  it.each([
    ['nothing', '', 'untrusted.empty'],
    ['another file', 'PK\x03\x04 and more', 'untrusted.malformed'],
    ['a part of the magic', '!<ar', 'untrusted.truncated'],
    ['a cut header', example.toString().slice(0, 40), 'untrusted.truncated'],
    ['a cut content', example.toString().slice(0, 70), 'untrusted.truncated'],
    ['a size that is no number', `!<arch>\n${member('x', 'abc', '0x3')}`, 'untrusted.malformed'],
    ['a negative size', `!<arch>\n${member('x', 'abc', '-3')}`, 'untrusted.malformed'],
    ['a size beyond the input', `!<arch>\n${member('x', 'abc', '9999999999')}`, 'untrusted.truncated'],
    ['a header without its end', `!<arch>\n${member('x', 'abc').replace('`', "'")}`, 'untrusted.malformed'],
  ] as const)('refuses %s', async (_, text, code) => {
    const error = await readAll(Buffer.from(text, 'latin1')).catch((reason: unknown) => reason);
    expect(isCinzelError(error, code)).toBe(true);
  });

  it('ends with members or one of our errors on random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(80), async (bytes, cut) => {
        const input = Buffer.concat([example.subarray(0, cut), bytes]);
        const outcome = await readAll(input).catch((reason: unknown) => reason);
        expect(Array.isArray(outcome) || isCinzelError(outcome)).toBe(true);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
