import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createWorkplace, expectAnswer, expectRefusal } from './command.ts';
import {
  blobPath,
  copyLayout,
  debianFiles,
  dockerArchive,
  editManifest,
  folderArchive,
  replaceLayer,
  writeBlob,
} from './images.ts';

const { at, run, close } = createWorkplace();
afterAll(close);

const layers = [makeLayer(debianFiles), makeLayer([{ name: 'app', content: 'hello' }])];
const other = makeLayer([{ name: 'app', content: 'HELLO' }]);

beforeAll(() => {
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    makeLayout(at(compression), { layers, tag: 'v1', compression });
  }
});

function manifestDigest(folder: string): string {
  const index = JSON.parse(readFileSync(`${folder}/index.json`, 'utf8')) as { manifests: [{ digest: string }] };
  return index.manifests[0].digest;
}

describe('bytes that are not what they should be', () => {
  it.each(['none', 'gzip', 'zstd'])(
    'a changed blob is refused, also without a change of its size (%s)',
    async (form) => {
      const folder = copyLayout(at(form), at(`${form}-changed`));
      const manifest = JSON.parse(readFileSync(blobPath(folder, manifestDigest(folder)), 'utf8')) as {
        layers: { digest: string }[];
      };
      const path = blobPath(folder, manifest.layers[1]?.digest ?? '');
      const bytes = readFileSync(path);
      bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expectRefusal(await run('scan', `oci:${folder}`), 4, /ayer 1/);
    },
  );

  it.each(['none', 'gzip', 'zstd'] as const)('a layer with another diff ID is refused (%s)', async (form) => {
    const folder = copyLayout(at(form), at(`${form}-diff-id`));
    const scratch = at(`${form}-other`);
    makeLayout(scratch, { layers: [other], compression: form });
    const manifest = JSON.parse(readFileSync(blobPath(scratch, manifestDigest(scratch)), 'utf8')) as {
      layers: [{ digest: string }];
    };
    replaceLayer(folder, 1, () => readFileSync(blobPath(scratch, manifest.layers[0].digest)));
    expectRefusal(await run('scan', `oci:${folder}`), 4, 'Layer 1', /expected sha256:\w{64}, got sha256:\w{64}/);
    writeFileSync(at('wrong.tar'), folderArchive(folder));
    expectRefusal(await run('scan', `oci-archive:${at('wrong.tar')}`), 4, 'Layer 1');

    const trusted = expectAnswer(await run('sbom', '-o', 'json', '--no-verify', `oci:${folder}`));
    expect(trusted.image.layers.map(({ verified }) => verified)).toEqual(['no', 'no']);
    expect(trusted.packages).toHaveLength(2);
  });

  it('nothing that was not verified comes from the cache later', async () => {
    const folder = copyLayout(at('none'), at('unverified'));
    replaceLayer(folder, 1, () => other);
    const cache = ['--cache-dir', at('shared-cache')];
    expectAnswer(await run('sbom', '-o', 'json', '--no-verify', ...cache, `oci:${folder}`));
    expectRefusal(await run('scan', ...cache, `oci:${folder}`), 4, 'Layer 1');
  });

  it('a Docker archive whose layer or configuration is another is refused', async () => {
    const archive = dockerArchive(layers).toString('latin1');
    writeFileSync(at('layer.tar'), archive.replace('hello', 'HELLO'), 'latin1');
    expectRefusal(await run('scan', at('layer.tar')), 4, 'Layer 1', 'expected sha256:');
    writeFileSync(at('layer.tar.gz'), gzipSync(Buffer.from(archive.replace('hello', 'HELLO'), 'latin1')));
    expectRefusal(await run('scan', at('layer.tar.gz')), 4, 'Layer 1', 'expected sha256:');
    writeFileSync(at('config.tar'), archive.replace('"os":"linux"', '"os":"LINUX"'), 'latin1');
    expectRefusal(await run('scan', at('config.tar')), 4, 'the configuration', 'expected sha256:');
    expectAnswer(await run('sbom', '-o', 'json', '--no-verify', at('layer.tar')));
  });

  it('a changed manifest, configuration or size is refused', async () => {
    const folder = copyLayout(at('none'), at('documents'));
    const path = blobPath(folder, manifestDigest(folder));
    const manifest = readFileSync(path, 'utf8');
    writeFileSync(path, manifest.replace('"schemaVersion":2', '"schemaVersion":2 '));
    expectRefusal(await run('scan', `oci:${folder}`), 4, 'expected sha256:');
    writeFileSync(path, manifest);
    editManifest(folder, (document) => {
      document.config.size += 1;
    });
    expectRefusal(await run('scan', `oci:${folder}`), 4, 'should have');
    editManifest(folder, (document) => {
      document.config.size -= 1;
      for (const layer of document.layers) layer.size += 1;
    });
    expectRefusal(await run('scan', `oci:${folder}`), 4, 'ends too early');
  });

  it('files that an image names and lacks are missed, not taken for foreign layers', async () => {
    const folder = copyLayout(at('gzip'), at('lacking'));
    const manifest = JSON.parse(readFileSync(blobPath(folder, manifestDigest(folder)), 'utf8')) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    rmSync(blobPath(folder, manifest.layers[1]?.digest ?? ''));
    expectRefusal(await run('scan', `oci:${folder}`), 4, manifest.layers[1]?.digest.slice(7) ?? '');
    rmSync(blobPath(folder, manifest.config.digest));
    expectRefusal(await run('scan', `oci:${folder}`), 4, manifest.config.digest.slice(7));
    rmSync(blobPath(folder, manifestDigest(folder)));
    expectRefusal(await run('scan', `oci:${folder}`), 4, manifestDigest(folder).slice(7));
  });

  it('a foreign layer that is not there is a diagnostic', async () => {
    const folder = copyLayout(at('gzip'), at('foreign'));
    editManifest(folder, (document) => {
      const [layer] = document.layers;
      if (layer === undefined) return;
      layer.mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
      rmSync(blobPath(folder, layer.digest));
    });
    const { diagnostics } = expectAnswer(await run('sbom', '-o', 'json', `oci:${folder}`));
    expect(diagnostics.map(({ code }) => code)).toContain('layer.foreign');
    const strict = await run('sbom', '--strict', '-o', 'json=out.json', `oci:${folder}`);
    expect(strict).toMatchObject({ code: 4, stdout: '' });
  });
});

describe('what is no image', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['a text', 'hello\n', 'is not a container image'],
    ['one byte', 'x', 'is not a container image'],
    ['noise', Buffer.alloc(5_000, 'noise \u0001'), 'is not a container image'],
    ['zeros', Buffer.alloc(5_000), 'is not a container image'],
    ['a tar of something else', makeLayer([{ name: 'readme', content: 'x' }]), 'is not a container image'],
    ['an empty tar', makeLayer([]), 'is not a container image'],
    ['a gzip of something else', gzipSync('hello'), /is malformed|ends too early/],
    ['a gzip of nothing', gzipSync(''), 'ends too early'],
    ['an ELF header', Buffer.from('\x7fELF\x02\x01\x01'), 'is not a container image'],
    ['a JSON list', '[]', 'is not a container image'],
    ['JSON of something else', '{}', 'is malformed'],
    ['half a JSON', '{"bomFormat":', 'is malformed'],
  ])('%s is refused', async (_, content, words) => {
    writeFileSync(at('thing'), content);
    expectRefusal(await run('scan', at('thing')), 4, at('thing'), words);
    for (const kind of ['docker-archive', 'oci-archive']) {
      expectRefusal(await run('scan', `${kind}:${at('thing')}`), 4, at('thing'));
    }
  });

  it('a folder of something else is refused', async () => {
    mkdirSync(at('folder/x'), { recursive: true });
    expectRefusal(await run('scan', at('folder')), 4, 'is not a container image');
    expectRefusal(await run('scan', `oci:${at('folder')}`), 4, 'is not a container image');
    expectRefusal(await run('scan', `docker-archive:${at('folder')}`), 4, 'is not a container image');
    expectRefusal(await run('scan', `sbom:${at('folder')}`), 3, 'is no file');
    writeFileSync(at('file'), 'x');
    expectRefusal(await run('scan', `dir:${at('file')}`), 4, 'is not a container image');
  });

  it.each([
    ['index.json', 'not json', 'is malformed'],
    ['index.json', '{}', 'has no list of manifests'],
    ['index.json', '{"manifests":[]}', 'is not a container image'],
    ['index.json', '{"manifests":[{}]}', 'its digest cannot be read'],
    ['index.json', '{"manifests":[{"digest":"sha256:../../etc/passwd","size":1}]}', 'its digest cannot be read'],
    ['index.json', '[1]', 'is no JSON object'],
    ['index.json', '', 'is malformed'],
  ])('a layout with %s of %s is refused', async (name, content, words) => {
    const folder = copyLayout(at('gzip'), at('index'));
    writeFileSync(`${folder}/${name}`, content);
    expectRefusal(await run('scan', folder), 4, words);
  });

  it.each([
    ['[]', 'it lists no image'],
    ['{}', 'it lists no image'],
    ['[{}]', 'has no Config'],
    ['[{"Config":"c.json","Layers":[]}]', 'c.json'],
    ['[{"Config":"../../etc/passwd","Layers":[]}]', 'etc/passwd'],
    ['[null, 3]', 'has no Config'],
    ['nonsense', 'is malformed'],
  ])('a Docker archive with a manifest.json of %s is refused', async (content, words) => {
    writeFileSync(at('manifest.tar'), makeLayer([{ name: 'manifest.json', content }]));
    expectRefusal(await run('scan', at('manifest.tar')), 4, at('manifest.tar'), words);
  });

  it.each([
    ['{}', 'its diff IDs cannot be read'],
    ['{"rootfs":{"diff_ids":["sha256:xyz","x"]}}', 'its diff IDs cannot be read'],
    ['{"rootfs":{"diff_ids":[]}}', 'layers'],
    ['null', 'is no JSON object'],
    ['', 'is malformed'],
  ])('a configuration of %s is refused', async (content, words) => {
    const folder = copyLayout(at('gzip'), at('configuration'));
    editManifest(folder, (document) => void Object.assign(document.config, writeBlob(folder, content)));
    expectRefusal(await run('scan', folder), 4, words);
  });
});

describe('what is not there', () => {
  it.each([
    ['docker-archive:nowhere.tar', 3, 'nowhere.tar'],
    ['oci-archive:nowhere.tar', 3, 'nowhere.tar'],
    ['oci:nowhere', 3, 'nowhere'],
    ['dir:/nowhere', 3, '/nowhere'],
    ['sbom:nowhere.json', 3, 'nowhere.json'],
    ['./nowhere.tar', 3, 'nowhere.tar'],
    ['/nowhere/at/all', 3, '/nowhere/at/all'],
    ['docker-archive:', 2, 'nothing follows'],
    ['', 2, 'empty'],
    ['oci:a@sha256:12', 2, 'no digest'],
    ['Upper/Case', 2, 'upper-case'],
  ] as const)('%s ends with %d', async (reference, code, words) => {
    expectRefusal(await run('scan', reference), code, words);
  });

  it('a tag, digest or name that an image does not have ends with 3', async () => {
    expectRefusal(await run('scan', `oci:${at('gzip')}:v2`), 3, 'v2');
    expectRefusal(await run('scan', `oci:${at('gzip')}@sha256:${'0'.repeat(64)}`), 3, '0000');
    writeFileSync(at('named.tar'), dockerArchive(layers));
    const unnamed = await run('scan', `docker-archive:${at('named.tar')}:o/n:3`);
    expectRefusal(unnamed, 3, 'o/n:3');
    expect(unnamed.stderr).toContain('There are: test:1.');
  });

  it('a dangling link and a loop of links end with 3', async () => {
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('loop', at('loop'));
    expectRefusal(await run('scan', `docker-archive:${at('dangling')}`), 3);
    expectRefusal(await run('scan', `docker-archive:${at('loop')}`), 3);
    expectRefusal(await run('scan', at('loop')), 3);
  });

  it('a platform that an image lacks ends with 2 and lists what there is', async () => {
    const wanted = ['--platform', 'linux/s390x'];
    for (const reference of [`oci:${at('gzip')}`, at('named.tar')]) {
      expectRefusal(await run('scan', ...wanted, reference), 2, 'linux/s390x', 'linux/amd64');
    }
    makeLayout(at('two'), { layers, tag: 'v1' }, { layers, tag: 'v1', architecture: 'arm64' });
    expectRefusal(await run('scan', ...wanted, at('two')), 2, 'linux/s390x', 'linux/amd64, linux/arm64');
    const folder = copyLayout(at('gzip'), at('unstated'));
    const index = readFileSync(`${folder}/index.json`, 'utf8');
    writeFileSync(`${folder}/index.json`, index.replace(/"platform":\{[^}]*\},?/, ''));
    expectRefusal(await run('scan', ...wanted, folder), 2, 'linux/s390x', 'linux/amd64');
  });

  it('a registry or engine is not asked when it must not be', async () => {
    expectRefusal(await run('scan', 'registry:localhost:1/o/n:1'), 3, 'offline');
    expectRefusal(await run('scan', '--docker-host', `unix://${at('no.sock')}`, 'docker:o/n:1'), 3, 'docker');
  });
});

describe.skipIf(process.getuid?.() !== 0 && process.env['CI'] === undefined)('what may not be read', () => {
  /** As another user, since root may read everything. */
  function asNobody(...words: readonly string[]): string {
    const program = `${import.meta.dirname}/../../dist/cli.js`;
    const script = `process.setgid(65534); process.setuid(65534); process.argv = [process.argv[0], ...process.argv.slice(1)];
      await import(${JSON.stringify(program)});`;
    try {
      const env = {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        CINZEL_CACHE_DIR: at('nobody'),
        CINZEL_OFFLINE: '1',
      };
      execFileSync(process.execPath, ['--input-type=module', '-e', script, program, ...words], { env, stdio: 'pipe' });
      return 'no error';
    } catch (error) {
      const { status, stderr } = error as { readonly status: number; readonly stderr: Buffer };
      return `${status} ${stderr.toString()}`;
    }
  }

  beforeAll(() => {
    chmodSync(at('.'), 0o755);
    mkdirSync(at('nobody'), { mode: 0o777 });
    chmodSync(at('nobody'), 0o777);
  });

  it('ends with 3 and names the file', () => {
    writeFileSync(at('secret.tar'), dockerArchive(layers));
    chmodSync(at('secret.tar'), 0o600);
    expect(asNobody('scan', at('secret.tar'))).toMatch(/^3 cinzel: No permission to use .*secret\.tar\.$/m);
    expect(asNobody('scan', `docker-archive:${at('secret.tar')}`)).toMatch(
      /^3 cinzel: No permission .*secret\.tar\.$/m,
    );
    expect(asNobody('report', at('secret.tar'))).toMatch(/^3 cinzel: .*secret\.tar/m);
    expect(asNobody('scan', `sbom:${at('secret.tar')}`)).toMatch(/^3 cinzel: .*secret\.tar/m);
    const folder = copyLayout(at('gzip'), at('secret'));
    for (const digest of [manifestDigest(folder)]) chmodSync(blobPath(folder, digest), 0o600);
    expect(asNobody('scan', folder)).toMatch(/^3 cinzel: No permission/m);
    chmodSync(folder, 0o700);
    expect(asNobody('scan', folder)).toMatch(/^3 cinzel: No permission/m);
    expect(asNobody('scan', `dir:${folder}`)).toMatch(/^3 cinzel: /m);
  });
});

describe('what the command line cannot mean', () => {
  it.each([
    [['scan', '--nonsense', 'x'], '--nonsense'],
    [['scan', '--ofline', 'x'], 'Did you mean "--offline"'],
    [['scn', 'x'], 'Did you mean "scan"'],
    [['scan'], 'image'],
    [['scan', '-o', 'nonsense', 'x'], 'nonsense'],
    [['scan', '-o', 'json', '-o', 'table', 'x'], 'Only one output'],
    [['scan', '--from', 'nonsense', 'x'], 'nonsense'],
    [['scan', '--platform', 'a/b/c/d', 'x'], 'a/b/c/d'],
    [['scan', '--fail-on', 'terrible', 'x'], 'terrible'],
    [['scan', '--limit', 'entries', 'x'], 'entries'],
    [['scan', '--limit', 'nonsense=1', 'x'], 'nonsense'],
    [['scan', '--limit', 'entries=many', 'x'], 'many'],
    [['scan', '--limit', '__proto__=1', 'x'], '__proto__'],
    [['scan', '--cache-size', 'huge', 'x'], 'huge'],
    [['scan', '--lang', 'xx', 'x'], 'xx'],
    [['report'], 'file'],
  ] as const)('%s ends with 2', async (words, message) => {
    expectRefusal(await run(...words), 2, message);
  });

  it('a configuration file that is none ends with 2 and names the line', async () => {
    const cases = [
      ['nonsense: 1\n', 'line 1', 'nonsense'],
      ['quiet: maybe\n', 'quiet'],
      ['a: [\n'],
      ['- list\n', 'must hold keys and values'],
      ['ignore: 3\n', 'line 1'],
      ['&a [*a, *a]\n'],
      ['limits: {entries: {}}\n'],
      ['__proto__: {quiet: true}\n', '__proto__'],
      ['quiet: !!js/function "x"\n'],
      ['? {a: 1}\n: 2\n'],
    ];
    for (const [content = '', ...words] of cases) {
      writeFileSync(at('home/.cinzel.yaml'), content);
      expectRefusal(await run('scan', at('gzip')), 2, ...words);
    }
    rmSync(at('home/.cinzel.yaml'));
  });
});

describe('a saved scan that is none', () => {
  it.each([
    ['nothing', '', 'is empty'],
    ['half an object', '{', 'is malformed'],
    ['a list', '[]', 'schemaVersion'],
    ['a later version', '{"schemaVersion":2}', 'schemaVersion 2'],
    ['no more than a version', '{"schemaVersion":1}', 'is malformed'],
    ['a version that is text', '{"schemaVersion":"1"}', 'schemaVersion'],
    ['noise', '\u0000\u0001', 'is malformed'],
    ['deep nesting', '['.repeat(200_000), 'is malformed'],
    ['whole deep nesting', '['.repeat(200_000) + ']'.repeat(200_000), /is malformed/],
    ['a prototype', '{"schemaVersion":1,"packages":[{"__proto__":{"id":"x"}}]}', 'is malformed'],
  ])('%s is refused', async (_, content, words) => {
    writeFileSync(at('saved.json'), content);
    expectRefusal(await run('report', at('saved.json')), 4, at('saved.json'), words);
  });

  it('cut or changed anywhere ends with 4', async () => {
    const { stdout } = await run('sbom', '-o', 'json', at('none'));
    for (const share of [0.1, 0.3, 0.6, 0.95]) {
      writeFileSync(at('saved.json'), stdout.slice(0, Math.floor(stdout.length * share)));
      expectRefusal(await run('report', at('saved.json')), 4, at('saved.json'), 'is malformed');
    }
    const changes: readonly (readonly [RegExp, string])[] = [
      [/"packages": \[/, '"packages": [null,'],
      [/"layer": 0/, '"layer": -1'],
      [/"index": 0/, '"index": 7'],
      [/"name": "bash"/, '"name": 3'],
    ];
    for (const [from, to] of changes) {
      writeFileSync(at('saved.json'), stdout.replace(from, to));
      expectRefusal(await run('report', at('saved.json')), 4, at('saved.json'), 'is malformed');
    }
  });

  it('a folder or nothing ends with 3', async () => {
    expectRefusal(await run('report', at('none')), 3, at('none'));
    expectRefusal(await run('report', at('nowhere.json')), 3, 'nowhere.json');
  });
});

describe('where a report cannot go', () => {
  it('ends with 2 or 3, and leaves what is there', async () => {
    writeFileSync(at('kept'), 'precious');
    const image = `oci:${at('none')}`;
    expectRefusal(await run('sbom', '-o', `json=${at('none')}`, image), 3, at('none'));
    expectRefusal(await run('sbom', '-o', `json=${at('kept')}/below`, image), 3, 'kept/below');
    expectRefusal(await run('sbom', '-o', `json=${at('nowhere')}/x`, image), 3, 'nowhere/x');
    expectRefusal(await run('sbom', '-o', 'json=/dev/full', image), 3, '/dev/full');
    expect(readFileSync(at('kept'), 'utf8')).toBe('precious');
    expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it('is never a device or a pipe: these are written to', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const [written, result] = await Promise.all([
      readFile(at('pipe'), 'utf8'),
      run('sbom', '--quiet', '-o', `json=${at('pipe')}`, `oci:${at('none')}`),
    ]);
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(written).toContain('"schemaVersion": 1');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    expect(await run('sbom', '-o', 'json=/dev/null', `oci:${at('none')}`)).toMatchObject({ code: 0, stdout: '' });
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('may be a link to a file, which stays a link', async () => {
    writeFileSync(at('target.json'), 'old');
    symlinkSync('target.json', at('link.json'));
    expect(await run('sbom', '--quiet', '-o', `json=${at('link.json')}`, `oci:${at('none')}`)).toMatchObject({
      code: 0,
    });
    expect(lstatSync(at('link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('target.json'), 'utf8')).toContain('"schemaVersion": 1');
  });
});
