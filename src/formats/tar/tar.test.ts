import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../../core/errors.ts';
import { decodeName } from '../../core/path.ts';
import type { TarHeader } from './model.ts';
import { expandSparse, type TarFile, tarEntries } from './read.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-tar-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array, size = 65_536): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for await (const file of tarEntries(chunksOf(bytes, size), { wants: () => true })) files.push(file);
  return files;
}

function archive(...entries: readonly { header: TarHeader; content?: Uint8Array }[]): Buffer {
  const parts = entries.flatMap(({ header, content = new Uint8Array() }) => [
    tarHeaderBlocks(header),
    content,
    tarPadding(content.length),
  ]);
  return Buffer.concat([...parts, tarEnd]);
}

const plain: TarHeader = { name: 'etc/hosts', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 5, mtime: 1 };

/** Runs a shell script in an empty folder and gives the archive that it leaves as out.tar. */
function made(script: string): Buffer {
  const place = mkdtempSync(join(folder, 'made-'));
  execFileSync('sh', ['-ec', script], { cwd: place });
  return readFileSync(join(place, 'out.tar'));
}

describe('reading archives that tar wrote', () => {
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(90)}`;
  it.each(['gnu', 'pax', 'ustar', 'v7', 'oldgnu'])(
    'reads names, links, modes and content in format %s',
    async (format) => {
      const bytes = made(`mkdir -p in/sub && printf hello >in/sub/file && ln in/sub/file in/hard && ln -s ../x in/soft
      ${format === 'v7' ? 'true' : 'mkfifo in/pipe'} && chmod 4751 in/sub/file && tar --format=${format} --numeric-owner -cf out.tar in`);
      const files = new Map((await readAll(bytes)).map((file) => [file.header.name, file]));
      const contents = [files.get('in/sub/file'), files.get('in/hard')];
      const first = contents.find((file) => file?.header.type === 'file');
      const second = contents.find((file) => file?.header.type === 'hardlink');
      expect(first?.bytes?.toString()).toBe('hello');
      expect(first?.header.mode).toBe(0o4751);
      expect(second?.header.link).toBe(first?.header.name);
      expect(files.get('in/soft')?.header).toMatchObject({ type: 'symlink', link: '../x', size: 0 });
      expect(files.get('in/sub/')?.header.type).toBe('directory');
      if (format !== 'v7') expect(files.get('in/pipe')?.header.type).toBe('fifo');
    },
  );

  it.each(['gnu', 'pax'])('reads names and link targets longer than a header holds (%s)', async (format) => {
    const bytes = made(
      `mkdir -p ${long} && printf x >${long}/g && ln -s ${long}/target link && tar --format=${format} -cf out.tar ${long}/g link`,
    );
    const files = await readAll(bytes, 700);
    expect(files.map((file) => file.header.name)).toEqual([`${long}/g`, 'link']);
    expect(files[1]?.header.link).toBe(`${long}/target`);
  });

  it.each(['oldgnu', 'gnu', 'pax --sparse-version=0.0', 'pax --sparse-version=0.1', 'pax --sparse-version=1.0'])(
    'reads a sparse file with many runs (%s)',
    async (format) => {
      const bytes = made(`for i in 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 33 35; do
        printf "run-$i" | dd of=holes bs=1 seek=$((i * 65536)) conv=notrunc 2>/dev/null; done
      truncate -s 4000000 holes; printf after >next
      tar --format=${format} --sparse -cf out.tar holes next; cp holes ../holes-${format.length}`);
      for (const size of [65_536, 513]) {
        const [holes, next] = await readAll(bytes, size);
        const whole = readFileSync(join(folder, `holes-${format.length}`));
        expect(holes?.header).toMatchObject({ name: 'holes', size: 4_000_000 });
        expect(holes?.bytes && expandSparse(holes.header, holes.content, holes.bytes).equals(whole)).toBe(true);
        expect(holes?.content.stored).toBeLessThan(1_000_000);
        expect(next?.bytes?.toString()).toBe('after');
      }
    },
  );

  it('reads names that are not UTF-8 without loss', async () => {
    const bytes = made(`touch "$(printf 'caf\\351')" && tar -cf out.tar caf*`);
    const [file] = await readAll(bytes);
    expect(file?.header.name).toBe(decodeName(Buffer.from('caf\xe9', 'latin1')));
  });

  it('reads base-256 numbers', async () => {
    const bytes = made('touch x && tar --format=gnu --owner=:4000000000 --group=:3000000000 --mtime=@-5 -cf out.tar x');
    expect((await readAll(bytes))[0]?.header).toMatchObject({ uid: 4_000_000_000, gid: 3_000_000_000, mtime: -5 });
  });
});

describe('reading archives that tar-stream wrote', () => {
  it('agrees on every entry', async () => {
    const packer = pack();
    packer.entry({ name: 'a/', type: 'directory', mode: 0o755 });
    packer.entry({ name: 'a/file', mode: 0o600, uid: 1000, mtime: new Date(1_700_000_000_000) }, 'content');
    packer.entry({ name: 'dev', type: 'character-device', devmajor: 1, devminor: 3 });
    packer.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of packer as AsyncIterable<Buffer>) chunks.push(chunk);
    const files = await readAll(Buffer.concat(chunks));
    expect(files.map((file) => file.header)).toMatchObject([
      { name: 'a/', type: 'directory', mode: 0o755 },
      { name: 'a/file', type: 'file', mode: 0o600, uid: 1000, size: 7, mtime: 1_700_000_000 },
      { name: 'dev', type: 'character', device: { major: 1, minor: 3 } },
    ]);
  });
});

describe('writing', () => {
  const headers = fc.record({
    name: fc
      .array(fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom('a', 'b', 'é', '.', '-', '\uDC80') }), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.map((part) => `x${part}`).join('/')),
    type: fc.constantFrom('file' as const, 'symlink' as const, 'hardlink' as const),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    gid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    mtime: fc.oneof(fc.integer({ min: -5, max: 2 ** 40 }), fc.constant(1_700_000_000.25)),
    target: fc.string({ minLength: 1, maxLength: 150, unit: fc.constantFrom('t', '/', 'ü') }),
    content: fc.uint8Array({ maxLength: 1500 }),
    xattr: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  });

  it('gives back what was written, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(headers, { maxLength: 6 }), fc.integer({ min: 1, max: 2000 }), async (items, size) => {
        const entries = items.map(({ target, content, xattr, ...rest }) => ({
          header: {
            ...rest,
            size: rest.type === 'file' ? content.length : 0,
            ...(rest.type === 'file' ? {} : { link: target }),
            ...(xattr === undefined ? {} : { xattrs: new Map([['security.capability', xattr]]) }),
          },
          content: rest.type === 'file' ? content : new Uint8Array(),
        }));
        const files = await readAll(archive(...entries), size);
        expect(files.map((file) => file.header)).toEqual(entries.map((entry) => entry.header));
        const read = files.map((file) => Buffer.from(file.bytes ?? []).toString('hex'));
        expect(read).toEqual(entries.map((entry) => Buffer.from(entry.content).toString('hex')));
      }),
      { numRuns: 150 },
    );
  });

  it('is understood by tar', () => {
    const name = `${'long/'.repeat(60)}name`;
    writeFileSync(
      join(folder, 'w.tar'),
      archive({ header: { ...plain, name, uid: 3_000_000 }, content: Buffer.from('hello') }),
    );
    const listing = execFileSync('tar', ['--numeric-owner', '-tvf', join(folder, 'w.tar')], { encoding: 'utf8' });
    expect(listing).toContain('-rw-r--r-- 3000000/0');
    expect(listing).toContain(name);
  });
});

describe('archives that are damaged or hostile', () => {
  const whole = archive(
    { header: plain, content: Buffer.from('hello') },
    { header: { ...plain, name: 'b' }, content: Buffer.from('world') },
  );

  it('says that an archive is truncated wherever it is cut inside an entry', async () => {
    for (const length of [1, 511, 512 + 3, 1024 + 1, 1024 + 511, 1536 + 4]) {
      const error = await readAll(whole.subarray(0, length)).catch((caught: unknown) => caught);
      expect(isCinzelError(error, 'untrusted.truncated'), `cut at ${length}`).toBe(true);
    }
  });

  it('reads an archive without end blocks, and one with something after them', async () => {
    const names = async (bytes: Buffer): Promise<readonly string[]> =>
      (await readAll(bytes)).map((file) => file.header.name);
    expect(await names(whole.subarray(0, 2048))).toEqual(['etc/hosts', 'b']);
    expect(await names(whole.subarray(0, 2048 + 512))).toEqual(['etc/hosts', 'b']);
    expect(await names(Buffer.concat([whole, Buffer.alloc(9000, 65)]))).toEqual(['etc/hosts', 'b']);
  });

  it('refuses a size that is negative or beyond what can be counted', async () => {
    for (const field of [
      Buffer.from([0xff, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
      Buffer.from([0x80, 127, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
    ]) {
      const bytes = Buffer.from(tarHeaderBlocks(plain));
      field.copy(bytes, 124);
      bytes.fill(32, 148, 156);
      bytes.write(
        `${bytes
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
      );
      await expect(readAll(Buffer.concat([bytes, tarEnd]))).rejects.toMatchObject({ code: 'untrusted.malformed' });
    }
  });

  it('only ever fails with an error of its own on bytes that were changed at random', async () => {
    const source = made(`mkdir in && truncate -s 200000 in/holes && printf x >>in/holes && touch in/${'n'.repeat(120)}
      tar --format=pax --sparse -cf out.tar in`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.nat(source.length),
        async (changes, length) => {
          const bytes = Buffer.from(source.subarray(0, length));
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          const error = await readAll(bytes, 4096).then(
            () => undefined,
            (caught: unknown) => caught,
          );
          expect(error === undefined || isCinzelError(error)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('extended attributes', () => {
  it('reads raw and base64 attributes from PAX records', async () => {
    const header: TarHeader = { ...plain, size: 0, xattrs: new Map([['user.a', Buffer.from([1, 0, 10, 61])]]) };
    const [file] = await readAll(archive({ header }));
    expect(file?.header.xattrs?.get('user.a')).toEqual(Uint8Array.from([1, 0, 10, 61]));
  });
});
