import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { debMembers } from './deb.ts';
import { tarEntries } from './tar/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-deb-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, size = 999): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function filesOf(bytes: Uint8Array): Promise<Record<string, Record<string, string>>> {
  const members: Record<string, Record<string, string>> = {};
  for await (const { kind, tar } of debMembers(chunksOf(bytes))) {
    const files: Record<string, string> = {};
    for await (const { header, bytes: content } of tarEntries(tar, { wants: () => true })) {
      if (header.type === 'file') files[header.name] = content?.toString() ?? '';
    }
    members[kind] = files;
  }
  return members;
}

const control = 'Package: example\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: x\n';

function build(compression: string): Buffer {
  const root = mkdtempSync(join(folder, 'root-'));
  mkdirSync(join(root, 'DEBIAN'));
  writeFileSync(join(root, 'DEBIAN/control'), control);
  mkdirSync(join(root, 'usr'));
  writeFileSync(join(root, 'usr/file'), 'x'.repeat(5000));
  const out = join(folder, `${compression}.deb`);
  execFileSync('dpkg-deb', [`-Z${compression}`, '--root-owner-group', '-b', root, out]);
  return readFileSync(out);
}

function member(name: string, content: string): string {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
  return `${header}${String(content.length).padEnd(10)}\`\n${content}${content.length % 2 === 1 ? '\n' : ''}`;
}

const available = spawnSync('dpkg-deb', ['--version']).status === 0;

describe('debMembers', () => {
  it.skipIf(!available && !process.env['CI']).each(['none', 'gzip', 'xz', 'zstd'])(
    'reads both archives of a package that dpkg-deb made (%s)',
    async (compression) => {
      expect(await filesOf(build(compression))).toEqual({
        control: { './control': control },
        data: { './usr/file': 'x'.repeat(5000) },
      });
    },
  );

  it.skipIf(!available && !process.env['CI'])('can skip the control archive without reading it', async () => {
    const kinds: string[] = [];
    for await (const { kind } of debMembers(chunksOf(build('xz')))) kinds.push(kind);
    expect(kinds).toEqual(['control', 'data']);
  });

  it.skipIf(!available && !process.env['CI'])('refuses a package that is cut anywhere', async () => {
    const whole = build('gzip');
    for (let cut = 0; cut < whole.length - 1; cut += 97) {
      const error = await filesOf(whole.subarray(0, cut)).catch((reason: unknown) => reason);
      expect(isCinzelError(error)).toBe(true);
    }
  });

  const start = `!<arch>\n${member('debian-binary', '2.0\n')}`;
  it.each([
    ['another version', `!<arch>\n${member('debian-binary', '3.0\n')}`, 'untrusted.unsupported'],
    ['another first member', `!<arch>\n${member('control.tar', '')}`, 'untrusted.malformed'],
    ['a version of a kilobyte', `!<arch>\n${member('debian-binary', '2'.repeat(1000))}`, 'untrusted.malformed'],
    ['data before control', `${start}${member('data.tar', '')}`, 'untrusted.malformed'],
    ['an unknown compression', `${start}${member('control.tar.bz2', '')}`, 'untrusted.unsupported'],
    [
      'a name of the prototype',
      `${start}${member('control.tar', '')}${member('data.tartoString', '')}`,
      'untrusted.malformed',
    ],
    ['no data archive', `${start}${member('control.tar', '')}`, 'untrusted.truncated'],
  ] as const)('refuses %s', async (_, text, code) => {
    const kinds = async (): Promise<void> => {
      for await (const _member of debMembers(chunksOf(Buffer.from(text))));
    };
    const error = await kinds().catch((reason: unknown) => reason);
    expect(isCinzelError(error, code)).toBe(true);
  });

  it('passes over members whose name starts with an underscore', async () => {
    const text = `${start}${member('_note', 'x')}${member('control.tar', '')}${member('data.tar', '')}`;
    const kinds: string[] = [];
    for await (const { kind } of debMembers(chunksOf(Buffer.from(text)))) kinds.push(kind);
    expect(kinds).toEqual(['control', 'data']);
  });

  it('ends with members or one of our errors on random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const input = Buffer.concat([Buffer.from(start), bytes]);
        const outcome = await filesOf(input).catch((reason: unknown) => reason);
        expect(isCinzelError(outcome)).toBe(true);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
