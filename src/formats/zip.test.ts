import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { openZip, type ZipArchive, zipBytes } from './zip.ts';

const limits = { entries: 100_000, entryBytes: 1_000_000, totalBytes: 10_000_000 };

/** Python's zipfile makes the archives: another implementation of the format. */
function pythonZip(script: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'cinzel-zip-'));
  try {
    const path = join(directory, 'x.zip');
    execFileSync('python3', ['-c', `import zipfile,sys\npath=sys.argv[1]\n${script}`, path]);
    return readFileSync(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const simple = `
with zipfile.ZipFile(path, 'w') as z:
  z.writestr('a.txt', 'hello', zipfile.ZIP_STORED)
  z.writestr('dir/ü.json', '{"a": 1}' * 1000, zipfile.ZIP_DEFLATED)
  z.writestr('empty', '', zipfile.ZIP_DEFLATED)
  z.comment = b'a comment with PK\\x05\\x06 in it'
`;

function open(bytes: Uint8Array, more: Partial<typeof limits> = {}): ZipArchive {
  return openZip(zipBytes(bytes), { ...limits, ...more }, 'x.zip');
}

function contents(archive: ZipArchive): readonly (readonly [string, string])[] {
  return archive.entries.map((entry) => [entry.name, Buffer.from(archive.read(entry)).toString()]);
}

describe('openZip', () => {
  const bytes = pythonZip(simple);

  it('reads stored, deflated and empty entries', () => {
    expect(contents(open(bytes))).toEqual([
      ['a.txt', 'hello'],
      ['dir/ü.json', '{"a": 1}'.repeat(1000)],
      ['empty', ''],
    ]);
  });

  it('reads ZIP64 archives with more than 65,535 entries', () => {
    const many = pythonZip(
      "with zipfile.ZipFile(path, 'w') as z:\n  for i in range(70000): z.writestr(str(i), str(i))",
    );
    const archive = open(many);
    expect(archive.entries).toHaveLength(70_000);
    expect(Buffer.from(archive.read(archive.entries.at(-1) ?? expect.fail())).toString()).toBe('69999');
  });

  it('reads entries whose sizes stand in the ZIP64 field', () => {
    const large = pythonZip(
      "with zipfile.ZipFile(path, 'w') as z:\n  with z.open('a', 'w', force_zip64=True) as f: f.write(b'abc')",
    );
    expect(contents(open(large))).toEqual([['a', 'abc']]);
  });

  it('stops at each limit and names it', () => {
    expect(() => open(bytes, { entries: 2 })).toThrowError(/"zip-entries"/);
    expect(() => contents(open(bytes, { entryBytes: 100 }))).toThrowError(/"zip-entry-bytes"/);
    expect(() => contents(open(bytes, { totalBytes: 100 }))).toThrowError(/"zip-bytes"/);
  });

  it('does not inflate more than the directory says', () => {
    const lying = Buffer.from(bytes);
    const central = lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 1);
    lying.writeUInt32LE(10, central + 24);
    expect(() => contents(open(lying))).toThrowError(/bad-compression/);
  });

  it('refuses what it cannot decrypt or does not know', () => {
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const encrypted = Buffer.from(bytes);
    encrypted.writeUInt16LE(1, central + 8);
    expect(() => contents(open(encrypted))).toThrowError(/unsupported.*encrypted/);
    const strange = Buffer.from(bytes);
    strange.writeUInt16LE(99, central + 10);
    expect(() => contents(open(strange))).toThrowError(/unsupported.*method 99/);
  });

  it('notices changed content', () => {
    const changed = Buffer.from(bytes);
    changed.write('jello', changed.indexOf('hello'));
    expect(() => contents(open(changed))).toThrowError(/checksum/);
  });

  it('reports truncation at every length as a fault of the input', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(faultOf(() => contents(open(bytes.subarray(0, length))))).toMatch(/^untrusted\./);
    }
  });

  it('survives damage at every byte and random bytes', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      expect(faultOf(() => contents(open(damaged)))).toMatch(/^(untrusted\.|none)/);
    }
    let state = 42;
    for (let round = 0; round < 500; round += 1) {
      const noise = Buffer.alloc(300, 0).map(() => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 16;
      });
      noise.set(bytes.subarray(-60), round % 240);
      expect(faultOf(() => contents(open(noise)))).toMatch(/^(untrusted\.|none)/);
    }
  });
});

function faultOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return isCinzelError(error) ? error.code : `not ours: ${String(error)}`;
  }
}
