import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { tarEnd, tarHeaderBlocks } from '../../src/formats/tar/write.ts';
import { makeLayer, makeLayout, type TestEntry } from '../../src/image/testing/make-layout.ts';
import { type Answer, createWorkplace, expectAnswer, expectRefusal } from './command.ts';
import { debianFiles, dockerArchive, editManifest, writeBlob } from './images.ts';

const { at, run, close } = createWorkplace();
afterAll(close);

let images = 0;

function layout(...layers: readonly Buffer[]): string {
  const folder = at(`image-${images++}`);
  makeLayout(folder, { layers, tag: 'v1', compression: images % 2 === 0 ? 'none' : 'gzip' });
  return folder;
}

function dropped({ diagnostics }: Answer): readonly string[] {
  return diagnostics.filter(({ code }) => code === 'layer.entry-dropped').map(({ message }) => message);
}

async function inventory(reference: string, ...flags: readonly string[]): Promise<Answer> {
  return expectAnswer(await run('sbom', '-o', 'json', ...flags, reference));
}

const names = ['bash', 'zlib1g'];

describe('entries that cannot be', () => {
  const cases: Readonly<Record<string, readonly [entries: readonly TestEntry[], problems: readonly string[]]>> = {
    'paths that leave the root': [
      [
        { name: '../outside', content: 'x' },
        { name: 'a/../../outside', content: 'x' },
        { name: '../../../../../../../../tmp/cinzel-outside', content: 'x' },
        { name: '..' },
      ],
      Array.from({ length: 4 }, () => 'leaves the root'),
    ],
    'links in circles': [
      [
        { name: 'loop', link: 'loop' },
        { name: 'loop/file', content: 'x' },
        { name: 'ping', link: 'pong' },
        { name: 'pong', link: '/ping' },
        { name: 'ping/a/b', content: 'x' },
      ],
      ['in a circle', 'in a circle'],
    ],
    'hard links to nowhere': [
      [
        { name: 'one', type: 'hardlink', link: 'missing' },
        { name: 'two', type: 'hardlink', link: '../../../../etc/passwd' },
        { name: 'self', type: 'hardlink', link: 'self' },
        { name: 'folder', type: 'hardlink', link: 'etc' },
        { name: 'later', type: 'hardlink', link: 'last' },
        { name: 'last', content: 'x' },
      ],
      Array.from({ length: 5 }, () => 'leads nowhere'),
    ],
    'links to nothing': [[{ name: 'empty', type: 'symlink', link: '' }], ['leads nowhere']],
    'a path below a file': [
      [
        { name: 'file', content: 'x' },
        { name: 'file/below', content: 'x' },
      ],
      ['is a file'],
    ],
  };

  it.each(Object.entries(cases))(
    '%s are left out with a diagnostic, and the rest is read',
    async (_, [entries, problems]) => {
      const image = layout(makeLayer([...entries, ...debianFiles]));
      const answer = await inventory(image);
      expect(answer.packages.map(({ name }) => name)).toEqual(names);
      const messages = dropped(answer);
      expect(messages).toHaveLength(problems.length);
      for (const [index, problem] of problems.entries()) expect(messages[index]).toContain(problem);
      const strict = await run('sbom', '--strict', '-o', 'ids', image);
      expect(strict.code).toBe(4);
      expect(strict.stderr).toMatch(/^cinzel: The answer is partial: \d part/);
      expect(existsSync('/tmp/cinzel-outside')).toBe(false);
    },
  );

  it('absolute names and links that lead up are what they are inside the image', async () => {
    const [, osRelease, , status] = debianFiles;
    const answer = await inventory(
      layout(
        makeLayer([
          { name: '/etc/os-release', content: osRelease?.content ?? '' },
          { name: 'srv/up', link: '../../../../../../..' },
          { name: 'srv/up/var/lib/dpkg/status', content: status?.content ?? '' },
          { name: 'etc/passwd', link: '../../../../../../../etc/passwd' },
        ]),
      ),
    );
    expect(answer.image.os?.id).toBe('debian');
    expect(answer.packages.map(({ name }) => name)).toEqual(names);
    expect(dropped(answer)).toEqual([]);
  });

  it('nothing of the host is read through links of the image', async () => {
    writeFileSync(at('secret'), 'ID=secret\n');
    const outward = `${'../'.repeat(30)}${at('secret').slice(1)}`;
    for (const link of [outward, at('secret')]) {
      const entries: readonly TestEntry[] = [{ name: 'etc/os-release', link }, ...debianFiles.slice(2)];
      const answer = await inventory(layout(makeLayer(entries)));
      expect(answer.image.os).toBeUndefined();
      expect(answer.packages).toHaveLength(2);
    }
    const root = at('root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    execFileSync('ln', ['-s', at('secret'), join(root, 'etc/os-release')]);
    expect((await inventory(`dir:${root}`)).image.os).toBeUndefined();
  });

  it('headers with fields that mean nothing are left out', async () => {
    const layer = makeLayer([{ name: 'bad', content: 'x' }, ...debianFiles]);
    layer.write('zzzzzzz', 108, 'latin1');
    layer.write('        ', 148, 'latin1');
    const sum = layer.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    layer.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const answer = await inventory(layout(layer));
    expect(answer.packages.map(({ name }) => name)).toEqual(names);
    expect(dropped(answer)).toHaveLength(1);
  });

  it('of millions of them the first thousand are listed', async () => {
    const header = tarHeaderBlocks({ name: '../x', type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 });
    const { body } = repeatedLayer(header, 100_000, 1);
    const answer = await inventory(layout(Buffer.concat([body, makeLayer(debianFiles)])));
    expect(dropped(answer)).toHaveLength(1_000);
    expect(answer.diagnostics.map(({ code }) => code)).toContain('layer.unlisted-drops');
    expect(answer.packages).toHaveLength(2);
  });
});

/** A layer of so many equal runs of entries, and its gzip form, which costs no more than one run to make. */
function repeatedLayer(
  entry: Uint8Array,
  count: number,
  runs: number,
): { readonly body: Buffer; readonly gzip: Buffer } {
  const body = Buffer.concat(Array.from({ length: count }, () => entry));
  const member = gzipSync(body, { level: 1 });
  return { body, gzip: Buffer.concat([...Array.from({ length: runs }, () => member), gzipSync(tarEnd)]) };
}

/** A layout whose only layer is these stored bytes; nothing else in it has to fit, since reading ends before. */
function bombLayout(stored: Buffer, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'): string {
  const folder = at(`image-${images++}`);
  makeLayout(folder, { layers: [makeLayer([])], tag: 'v1' });
  editManifest(folder, ({ layers: [layer] }) => {
    if (layer !== undefined) Object.assign(layer, writeBlob(folder, stored), { mediaType });
  });
  return folder;
}

describe('more than anybody needs', () => {
  it('a gzip bomb ends at the ratio', async () => {
    const size = 2 * 1024 ** 3;
    const head = gzipSync(tarHeaderBlocks({ name: 'bomb', type: 'file', mode: 0, uid: 0, gid: 0, size, mtime: 0 }));
    const member = gzipSync(Buffer.alloc(64 * 1024 ** 2), { level: 9 });
    const bomb = Buffer.concat([head, ...Array.from({ length: 32 }, () => member)]);
    const result = await run('scan', bombLayout(bomb));
    expectRefusal(result, 4, 'Layer 0', '"ratio"', '1000');
    expect(result.stderr).toContain('--limit ratio=N');
    expect(result.peak).toBeLessThan(300);
    writeFileSync(at('bomb.tar.gz'), bomb);
    expectRefusal(await run('scan', `docker-archive:${at('bomb.tar.gz')}`), 4, at('bomb.tar.gz'), '"ratio"');
    const image = bombLayout(bomb);
    expectRefusal(await run('scan', '--limit', 'layerBytes=100MiB', image), 4, '"layerBytes"', '104857600');
    expectRefusal(await run('scan', '--limit', 'ratioFloor=10MiB,ratio=100', image), 4, '"ratio"', '100');
  });

  it('a zstd bomb ends at the ratio', async () => {
    const bomb = execFileSync('sh', ['-c', 'head -c 300M /dev/zero | zstd -q -c'], { maxBuffer: 1024 ** 3 });
    const header = tarHeaderBlocks({ name: 'z', type: 'file', mode: 0, uid: 0, gid: 0, size: 8 ** 10, mtime: 0 });
    const head = execFileSync('zstd', ['-q', '-c'], { input: header });
    const image = bombLayout(Buffer.concat([head, bomb]), 'application/vnd.oci.image.layer.v1.tar+zstd');
    expectRefusal(await run('scan', '--limit', 'ratioFloor=100MiB', image), 4, '"ratio"', '1000');
  });

  it('ten million empty entries end at the limit of entries', async () => {
    const entry = tarHeaderBlocks({ name: 'e', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 });
    const image = bombLayout(repeatedLayer(entry, 10_000, 1_000).gzip);
    const result = await run('scan', image);
    expectRefusal(result, 4, 'Layer 0', '"entries"', '2000000');
    expect(result.stderr).toContain('--limit entries=N');
    expect(result.peak).toBeLessThan(100 + 800);
    const fewer = await run('scan', '--limit', 'entries=1000', image);
    expectRefusal(fewer, 4, '"entries"', '1000');
    expect(fewer.peak).toBeLessThan(200);
  });

  it('as many entries in the archive around the layers end at the same limit', async () => {
    const entry = tarHeaderBlocks({ name: 'e', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 });
    const entries = Array.from({ length: 3_000 }, (_, index) => ({ name: `f${index}` }));
    writeFileSync(at('many.tar'), makeLayer(entries));
    expectRefusal(await run('scan', '--limit', 'entries=1000', `docker-archive:${at('many.tar')}`), 4, '"entries"');
    writeFileSync(at('same.tar.gz'), repeatedLayer(entry, 1_000, 100).gzip);
    expectRefusal(await run('scan', '--limit', 'entries=50000', `docker-archive:${at('same.tar.gz')}`), 4, '"entries"');
  });

  it('a folder 100,000 levels deep ends at the length of paths', async () => {
    const deep = `${'d/'.repeat(100_000)}file`;
    const image = layout(makeLayer([{ name: deep, content: 'x' }]));
    expectRefusal(await run('scan', image), 4, '"pathBytes"', '4096');
    const answer = await inventory(
      layout(makeLayer([{ name: deep, content: 'x' }, ...debianFiles])),
      '--limit',
      'pathBytes=1MiB',
    );
    expect(answer.packages).toHaveLength(2);
  });

  it('folders 100,000 levels deep, made an entry at a time or behind links, are read', async () => {
    const step = 'd/'.repeat(2_000);
    const links = Array.from({ length: 49 }, (_, index) => ({
      name: `l${index + 1}`,
      link: index === 0 ? step : `l${index}/${step}`,
    }));
    const entries = [...links, { name: 'l49/file', content: 'x' }, ...debianFiles];
    const few = await inventory(layout(makeLayer(entries)));
    expect(few.packages).toHaveLength(2);
    expect(dropped(few)).toEqual([expect.stringContaining('in a circle')]);
    const all = await inventory(layout(makeLayer(entries)), '--limit', 'linkHops=100');
    expect(all.packages).toHaveLength(2);
    expect(dropped(all)).toEqual([]);
  });

  it('deep folders on disk are read as far as the system reaches', async () => {
    const root = at('deep-root');
    for (const { name, content } of debianFiles) {
      if (name.endsWith('/')) mkdirSync(join(root, name), { recursive: true });
      else writeFileSync(join(root, name), content ?? '');
    }
    const script = `import os\nos.chdir(${JSON.stringify(root)})\nfor _ in range(3000):\n os.mkdir('dd')\n os.chdir('dd')\n`;
    execFileSync('python3', ['-c', script]);
    const answer = await inventory(`dir:${root}`);
    expect(answer.packages).toHaveLength(2);
    expect(dropped(answer)).toEqual([expect.stringContaining('too long')]);
    execFileSync('rm', ['-rf', root]);
  });

  it('an os-release of 100 MB is a diagnostic, and takes no memory to match', async () => {
    const huge = Buffer.alloc(100 * 1024 ** 2, 'ID=debian\n# and so on\n');
    const image = layout(makeLayer([...debianFiles, { name: 'etc/os-release', content: huge }]));
    const archive = at('huge.tar');
    writeFileSync(archive, dockerArchive([makeLayer([...debianFiles, { name: 'etc/os-release', content: huge }])]));
    const zipped = at('huge.tar.gz');
    writeFileSync(zipped, gzipSync(readFileSync(archive), { level: 1 }));
    for (const reference of [`oci:${image}`, archive, zipped]) {
      const result = await run('sbom', '-o', 'json', reference);
      const answer = expectAnswer(result);
      expect(answer.packages).toHaveLength(2);
      expect(answer.diagnostics).toContainEqual(
        expect.objectContaining({ code: 'file.too-large', path: '/etc/os-release' }),
      );
      expect(result.peak).toBeLessThan(300);
    }
    for (const path of [archive, zipped]) rmSync(path);
  });

  it('a package database over the limit of files ends the run', async () => {
    const status = debianFiles.at(-1)?.content ?? '';
    const image = layout(
      makeLayer([
        ...debianFiles,
        { name: 'var/lib/dpkg/status', content: `${status as string}${'\n'.repeat(40 * 1024 ** 2)}` },
      ]),
    );
    expect((await inventory(image)).packages).toHaveLength(2);
    const result = await run('scan', '--limit', 'fileBytes=1MiB', image);
    expectRefusal(result, 4, '/var/lib/dpkg/status', '"fileBytes"', '1048576');
    expectRefusal(await run('scan', '--limit', 'selectedBytes=100', image), 4, '"selectedBytes"', '100');
    expectRefusal(await run('scan', '--limit', 'documentBytes=100', image), 4, '"documentBytes"', '100');
  });

  it('a size that no file can have is malformed, not allocated', async () => {
    const header = (size: number): Uint8Array =>
      tarHeaderBlocks({ name: 'var/lib/dpkg/status', type: 'file', mode: 0, uid: 0, gid: 0, size, mtime: 0 });
    for (const size of [8 ** 11 - 1, 2 ** 52]) {
      const layer = Buffer.concat([header(size), Buffer.alloc(4096)]);
      const result = await run('scan', bombLayout(layer, 'application/vnd.oci.image.layer.v1.tar'));
      expectRefusal(result, 4, 'Layer 0');
      expectRefusal(await run('scan', bombLayout(gzipSync(layer))), 4, 'Layer 0');
      expect(result.peak).toBeLessThan(200);
    }
  });

  it('a layer that is an archive of an archive of an archive is only what it is', async () => {
    let nested = makeLayer([{ name: 'core', content: 'x' }]);
    for (let depth = 0; depth < 20; depth++) nested = gzipSync(makeLayer([{ name: 'nested.tar.gz', content: nested }]));
    const answer = await inventory(layout(makeLayer([...debianFiles, { name: 'nested.tar.gz', content: nested }])));
    expect(answer.packages).toHaveLength(2);
  });
});

describe('trailing bytes', () => {
  it('after the end of a layer change nothing', async () => {
    const layer = Buffer.concat([makeLayer(debianFiles), Buffer.alloc(700, 'junk')]);
    const answer = await inventory(layout(layer));
    expect(answer.packages).toHaveLength(2);
  });
});
