import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { parseTar, type TarEntryText } from '../distroless/testing/parse-tar.ts';
import { makeLayout } from '../image/testing/make-layout.ts';
import { makeDeb } from '../repositories/apt/testing/make-deb.ts';
import {
  addSuite,
  makeTestArchive,
  type ServedArchive,
  serveTestArchive,
  type TestArchive,
  type TestPackage,
} from '../repositories/apt/testing/test-archive.ts';
import { type BuildResult, build, type LockUse } from './build.ts';
import { checkBuild } from './check-build.ts';
import { loadRecipe } from './load-recipe.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const root = mkdtempSync(join(tmpdir(), 'cinzel-build-'));
let archive: TestArchive;
let served: ServedArchive;
let folder: string;
let count = 0;

const tool: TestPackage = {
  name: 'tool',
  version: '1.0-1',
  fields: { Depends: 'libtool1 (>= 1.0)' },
  controlFiles: { md5sums: '0cc175b9c0f1b6a831c399e269772661  bin/tool\n', postinst: '#!/bin/sh\nexit 1\n' },
  files: [
    { name: 'bin', type: 'directory' },
    { name: 'bin/tool', content: 'a', mode: 0o755, mtime: 1_700_000_000 },
    { name: 'usr/share/doc/tool/copyright', content: 'free' },
  ],
};
const library: TestPackage = {
  name: 'libtool1',
  version: '1.1-1',
  files: [{ name: 'usr/lib/libtool.so.1', content: 'lib' }],
};

const suites = (packages: readonly TestPackage[]) => [
  { name: 'trixie', packages },
  { name: 'trixie-updates' },
  { name: 'trixie-security' },
];

async function publish(packages: readonly TestPackage[]): Promise<void> {
  for (const suite of suites(packages)) await addSuite(archive, suite);
}

beforeAll(async () => {
  archive = await makeTestArchive(suites([tool, library]));
  served = await serveTestArchive(archive);
});

beforeEach(async () => {
  folder = join(root, String(count++));
  mkdirSync(folder);
  await publish([tool, library]);
  writeFileSync(join(folder, 'key.gpg'), Buffer.from(archive.key.publicKey.data, 'base64'));
});

afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

interface Options extends Partial<LockUse> {
  readonly offline?: boolean;
  readonly cache?: string;
  readonly output?: string;
  readonly destination?: string;
  readonly tag?: string;
}

/** Builds a recipe that is written out, from the test archive. */
async function buildText(text: string, options: Options = {}): Promise<BuildResult> {
  const { offline = false, cache = join(folder, 'cache'), output = 'layout', destination, tag, ...use } = options;
  const path = join(folder, 'cinzel.build.yaml');
  writeFileSync(path, `mirror: ${served.url}\nkeys: [key.gpg]\n${text}`);
  const toolbox = testToolbox({ 'cache.dir': cache, offline });
  const lock = { file: join(folder, 'lock.json'), frozen: false, update: false, allowExpired: false, allowEol: false };
  const recipe = await loadRecipe(path, {});
  try {
    return await build(
      {
        recipe,
        destination: destination ?? `oci:${join(folder, output)}`,
        ...(tag === undefined ? {} : { tag }),
        compression: 'gzip',
        documents: false,
        lock: { ...lock, report: () => {}, ...use },
      },
      toolbox,
    );
  } finally {
    await toolbox.close();
  }
}

async function faultOf(work: Promise<unknown>): Promise<CinzelError> {
  const error = await work.then(() => undefined).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CinzelError);
  return error as CinzelError;
}

const mayMount = process.getuid?.() === 0 && spawnSync('which', ['mount']).status === 0;

describe.skipIf(!mayMount && !process.env['CI'])('a destination that cannot be written', () => {
  const forms = ['oci', 'oci-archive', 'docker-archive'] as const;

  async function onDisk(options: string, use: (disk: string) => Promise<void>): Promise<void> {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
    try {
      await use(disk);
    } finally {
      execFileSync('umount', [disk]);
    }
  }

  const large = {
    ...library,
    files: [{ name: 'usr/lib/large', content: randomBytes(3 * 1024 ** 2).toString('latin1') }],
  };

  it.each(forms)('that is full is said, and nothing of %s is left', async (form) => {
    await publish([large]);
    await onDisk('size=1m', async (disk) => {
      const fault = await faultOf(buildText('packages: [libtool1]', { destination: `${form}:${join(disk, 'x')}` }));
      expect([fault.code, fault.exitCode]).toEqual(['environment.disk-full', 3]);
      expect(readdirSync(disk)).toEqual([]);
    });
  });

  it.each(forms)('that is read-only is said, for %s', async (form) => {
    await onDisk('ro', async (disk) => {
      const fault = await faultOf(buildText('packages: [tool]', { destination: `${form}:${join(disk, 'x')}` }));
      expect([fault.code, fault.exitCode]).toEqual(['environment.permission', 3]);
      expect(readdirSync(disk)).toEqual([]);
    });
  });

  it('leaves what was there before as it was', async () => {
    await onDisk('size=2m', async (disk) => {
      const destination = `oci:${join(disk, 'x')}`;
      await buildText('packages: [tool]', { destination });
      const before = readFileSync(join(disk, 'x/index.json'), 'utf8');
      await publish([large]);
      expect((await faultOf(buildText('packages: [libtool1]', { destination }))).exitCode).toBe(3);
      expect(readFileSync(join(disk, 'x/index.json'), 'utf8')).toBe(before);
      expect(readdirSync(disk)).toEqual(['x']);
    });
  });
});

interface Built {
  readonly config: { readonly config: Record<string, unknown>; readonly history: readonly { created_by: string }[] };
  /** Entries of all layers by path; of two the later. */
  readonly files: ReadonlyMap<string, TarEntryText>;
  readonly layers: readonly (readonly string[])[];
}

function read(output = 'layout'): Built {
  const blob = (digest: string): Buffer => readFileSync(join(folder, output, 'blobs', digest.replace(':', '/')));
  const json = (digest: string) => JSON.parse(blob(digest).toString('utf8'));
  const index = JSON.parse(readFileSync(join(folder, output, 'index.json'), 'utf8'));
  const manifest = json(index.manifests[0].digest);
  const layers = manifest.layers.map(({ digest }: { digest: string }) => parseTar(gunzipSync(blob(digest))));
  const files = new Map(layers.flat().map((entry: { path: string }) => [entry.path, entry]));
  return { config: json(manifest.config.digest), files: files as Built['files'], layers };
}

describe('a built image', () => {
  it('has packages with what they need, their records, and runs no script', async () => {
    const { packages } = await buildText('packages: [tool]');
    const { files } = read();
    expect(packages).toBe(2);
    expect(files.get('usr/bin/tool')).toMatchObject({ mode: 0o755, text: 'a', type: 'file' });
    expect(files.has('bin')).toBe(false);
    expect(files.get('var/lib/dpkg/status.d/tool')?.text).toContain('Package: tool\nVersion: 1.0-1\n');
    expect(files.get('var/lib/dpkg/status.d/tool.md5sums')?.text).toBe('0cc175b9c0f1b6a831c399e269772661  bin/tool\n');
    expect(files.has('var/lib/dpkg/status.d/libtool1')).toBe(true);
  });

  it('has the files, users and configuration of its recipe', async () => {
    mkdirSync(join(folder, 'src/deep'), { recursive: true });
    writeFileSync(join(folder, 'src/deep/run'), 'run');
    chmodSync(join(folder, 'src/deep/run'), 0o710);
    writeFileSync(join(folder, 'src/skip.map'), 'x');
    symlinkSync('deep/run', join(folder, 'src/link'));
    await buildText(`
users: [{ name: app, uid: 1000, home: /home/app }]
groups: [{ name: app, gid: 1000 }]
files:
  - { copy: src, to: /app, owner: app, ignore: ['*.map'] }
  - { text: hello, to: /bin/hello, mode: '0600' }
  - { folder: /data, owner: '7:8', mode: '0700' }
  - { symlink: /app/link, to: /run }
user: app
entrypoint: [/app/deep/run]
env: { A: 1 }
ports: [80]
volumes: [/data]
stop-signal: SIGQUIT
labels: { b: c }
healthcheck: { command: [/app/link], interval: 90s, retries: 2 }
`);
    const { config, files } = read();
    expect(files.get('app/deep/run')).toMatchObject({ mode: 0o755, uid: 1000, text: 'run' });
    expect(files.get('app/link')).toMatchObject({ type: 'symlink' });
    expect(files.has('app/skip.map')).toBe(false);
    expect(files.get('usr/bin/hello')).toMatchObject({ mode: 0o600, text: 'hello' });
    expect(files.get('data')).toMatchObject({ mode: 0o700, uid: 7 });
    expect(files.get('home/app')).toMatchObject({ mode: 0o700, uid: 1000 });
    expect(files.get('etc/passwd')?.text).toBe('app:x:1000:1000:app:/home/app:/sbin/nologin\n');
    expect(config.config).toEqual({
      User: '1000',
      ExposedPorts: { '80/tcp': {} },
      Env: ['A=1'],
      Entrypoint: ['/app/deep/run'],
      Volumes: { '/data': {} },
      WorkingDir: '/',
      Labels: { b: 'c' },
      StopSignal: 'SIGQUIT',
      Healthcheck: { Test: ['CMD', '/app/link'], Interval: 90e9, Retries: 2 },
    });
  });

  it('has the capabilities of files that its recipe names, as setcap writes them', async () => {
    await buildText(
      'packages: [tool]\nfiles: [{ symlink: /usr/bin/tool, to: /run }]\ncapabilities: { /run: [net_raw, bpf, checkpoint_restore] }',
    );
    const attribute = read().files.get('usr/bin/tool')?.xattrs?.get('security.capability');
    expect(Buffer.from(attribute ?? '').toString('hex')).toBe('0100000200200000000000008001000000000000');
    for (const [path, name, code] of [
      ['/none', 'net_raw', 'usage.capabilities'],
      ['/bin', 'net_raw', 'usage.capabilities'],
      ['/run', 'net_rew', 'usage.recipe'],
    ]) {
      const text = `packages: [tool]\nfiles: [{ symlink: /usr/bin/tool, to: /run }]\ncapabilities: { ${path}: [${name}] }`;
      expect((await faultOf(buildText(text))).code).toBe(code);
    }
  });

  it('runs without rights unless its recipe says otherwise, whatever it is made from', async () => {
    await buildText('packages: [tool]');
    const { config, files } = read();
    expect(config.config).toMatchObject({ User: '65532' });
    expect(files.get('etc/passwd')?.text).toBe('nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n');
    writeFileSync(join(folder, 'below.yaml'), 'user: 7');
    await buildText('from: ./below.yaml');
    expect(read().config.config).toMatchObject({ User: '7' });
  });

  it('has single commands of BusyBox for a healthcheck that nothing else could do, and no shell', async () => {
    const binary = '[\0[[\0nc\0sh\0true\0wget\0\xff';
    const zeros = '0'.repeat(32);
    const busybox: TestPackage = {
      name: 'busybox-static',
      version: '1',
      files: [
        { name: 'bin/busybox', content: binary, mode: 0o755 },
        { name: 'usr/share/doc/busybox-static/copyright', content: 'free' },
        { name: 'usr/share/doc/busybox-static/changelog', content: 'x' },
      ],
      controlFiles: { md5sums: `${zeros}  bin/busybox\n` },
    };
    await publish([tool, library, busybox]);
    await buildText('packages: [tool]\nhealthcheck: { tcp: 80, interval: 5s }');
    const { config, files } = read();
    expect(config.config).toMatchObject({
      Healthcheck: {
        Test: ['CMD', '/usr/lib/cinzel/nc', '-w', '5', '127.0.0.1', '80', '-e', '/usr/lib/cinzel/true'],
        Interval: 5e9,
      },
    });
    expect([...files.keys()].filter((path) => /cinzel|busybox\/|\/sh$/.test(path) && !path.includes('doc/'))).toEqual([
      'usr/lib/cinzel',
      'usr/lib/cinzel/nc',
      'usr/lib/cinzel/true',
    ]);
    expect(files.get('var/lib/dpkg/status.d/busybox-static')?.text).toMatch(/\nX-Cinzel-Kept: 2\/3\n$/);
    await buildText('packages: [tool, busybox-static]\nhealthcheck: { http: "http://127.0.0.1/" }', { output: 'both' });
    const both = read('both').files;
    expect([...both.keys()]).toEqual(expect.arrayContaining(['busybox/sh', 'usr/lib/cinzel/wget']));
    // So that what has the program is known to have the package.
    const sums = both.get('var/lib/dpkg/status.d/busybox-static.md5sums')?.text;
    expect(sums?.split('\n')).toEqual([`${zeros}  busybox/busybox`, `${zeros}  usr/lib/cinzel/wget`, '']);
  });

  it('keeps the owner and mode of a folder when a later layer puts something into it', async () => {
    await buildText(
      "files:\n  - { folder: /own, owner: 5, mode: '0700' }\n  - { text: x, to: /own/x }\nlayering: packages",
    );
    expect(read().files.get('own')).toMatchObject({ mode: 0o700, uid: 5 });
  });

  it.each<[string, string, readonly string[]]>([
    ['decides, says and compiles', 'if [ "$1" = configure ]; then\n\tpy3compile -p tool\n\techo done\nfi\n', []],
    [
      'starts services',
      'if [ -x /etc/init.d/a ]; then\n\tupdate-rc.d a defaults >/dev/null\n\tinvoke-rc.d a start || exit 1\nfi\n',
      [],
    ],
    ['has alternatives that can be read', 'update-alternatives --install /bin/a a \\\n  /bin/tool 1\n', []],
    ['has alternatives that a shell must read', 'update-alternatives --install /bin/a a /bin/$x 1\n', ['tool']],
    ['changes an owner', 'case "$1" in\n  configure)\n    chown nobody /bin/tool\n  ;;\nesac\n', ['tool']],
    ['asks by doing', 'if setcap cap_net_raw+ep /bin/tool; then\n  echo done\nfi\n', ['tool']],
    ['hides a command behind a word', 'echo a; chmod 4755 /bin/tool\n', ['tool']],
  ])('tells whose scripts nobody knows: one that %s', async (_, postinst, named) => {
    await publish([{ ...tool, controlFiles: { postinst: `#!/bin/sh\nset -e\n${postinst}` } }, library]);
    const told: unknown[] = [];
    await buildText('packages: [tool]', { report: ({ parameters }) => told.push(parameters) });
    expect(told).toEqual(named.map((packages) => ({ packages })));
  });

  it('has as many layers as the budget allows', async () => {
    await buildText('packages: [tool]\nfiles: [{ text: x, to: /x }]\nlayering: { by: packages, budget: 2 }');
    expect(read().layers).toHaveLength(2);
    await buildText('packages: [tool]\nfiles: [{ text: x, to: /x }]', { output: 'other' });
    expect(read('other').layers).toHaveLength(4);
    expect(read('other').config.history.map((step) => step.created_by)).toEqual([
      'cinzel build: tool 1.0-1',
      'cinzel build: libtool1 1.1-1',
      'cinzel build: passwd, home, group',
      'cinzel build: application',
    ]);
  });
});

describe('parts of packages', () => {
  const files = [
    { name: 'usr/bin/a', content: '1' },
    { name: 'usr/lib/x86_64-linux-gnu/liba.so.1', content: '2' },
    { name: 'usr/lib/x86_64-linux-gnu/gconv/ISO8859-1.so', content: '3' },
    { name: 'usr/lib/x86_64-linux-gnu/gconv/UTF-16.so', content: '4' },
    { name: 'usr/share/doc/parts/copyright', content: '5' },
    { name: 'usr/share/doc/parts/changelog', content: '6' },
    { name: 'usr/share/zoneinfo/America/Sao_Paulo', content: '7' },
    { name: 'usr/share/zoneinfo/Europe/Paris', content: '8' },
    { name: 'usr/share/zoneinfo/UTC', content: '9' },
    { name: 'usr/share/locale/pt_BR/LC_MESSAGES/a.mo', content: '10' },
    { name: 'usr/share/locale/de/LC_MESSAGES/a.mo', content: '11' },
    { name: 'usr/lib/twin', type: 'hardlink' as const, link: './usr/bin/a' },
  ];
  const md5sums = files.map(({ name }) => `${'0'.repeat(32)}  ${name}\n`).join('');
  const kept = (): readonly string[] =>
    [...read().files]
      .filter(([path, { type }]) => !/^(var|etc)\//.test(path) && type !== 'directory')
      .map(([path]) => path);

  beforeEach(() => publish([{ name: 'parts', version: '1', files, controlFiles: { md5sums } }]));

  it.each([
    ['packages: ["parts:{libs}"]', ['usr/lib/x86_64-linux-gnu/liba.so.1', 'usr/share/doc/parts/copyright']],
    [
      'packages: ["parts:{libs,bins}"]',
      ['usr/bin/a', 'usr/lib/x86_64-linux-gnu/liba.so.1', 'usr/share/doc/parts/copyright'],
    ],
    ['packages: [{ name: parts, keep: [/usr/lib/tw*] }]', ['usr/lib/twin', 'usr/share/doc/parts/copyright']],
  ])('%s', async (text, expected) => {
    await buildText(text);
    expect(kept()).toEqual(expected);
    const { files: all } = read();
    expect(all.get('var/lib/dpkg/status.d/parts')?.text).toMatch(
      new RegExp(`\\nX-Cinzel-Kept: ${expected.length}/12\\n$`),
    );
    expect(all.get('var/lib/dpkg/status.d/parts.md5sums')?.text.split('\n')).toHaveLength(expected.length + 1);
  });

  it('keeps of a class of data what the recipe names, and all of the rest', async () => {
    await buildText('packages: [parts]\ntimezone: America/*\ncharsets: [ISO-8859-1]\nlocales: [pt_BR.UTF-8]');
    const gone = ['Europe/Paris', 'UTF-16.so', 'locale/de/'];
    expect(kept()).toHaveLength(files.length - gone.length);
    expect(kept().filter((path) => gone.some((part) => path.includes(part)))).toEqual([]);
  });

  it('leaves out what is dropped, and knows no other slices', async () => {
    await buildText('packages: [{ name: parts, drop: [/usr/share/**] }]');
    expect(kept()).toHaveLength(6);
    expect((await faultOf(buildText('packages: ["parts:{libz}"]'))).code).toBe('usage.value');
  });
});

describe('the lock', () => {
  it('gives the same image again, without indexes, without network, whatever the environment', async () => {
    const recipe = 'packages: [tool]\nfiles: [{ copy: data, to: /data }]';
    writeFileSync(join(folder, 'data'), 'x');
    const { digest } = await buildText(recipe);
    served.requests.length = 0;
    await publish([{ ...tool, version: '2.0-1' }, library]);
    const [mask, zone] = [process.umask(0o077), process.env['TZ']];
    process.env['TZ'] = 'Pacific/Apia';
    try {
      writeFileSync(join(folder, 'data'), 'x');
      expect((await buildText(recipe, { frozen: true })).digest).toBe(digest);
      expect((await buildText(recipe, { offline: true, output: 'again' })).digest).toBe(digest);
    } finally {
      process.umask(mask);
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(served.requests).toEqual([]);
    expect((await buildText(recipe, { cache: join(folder, 'other') })).digest).toBe(digest);
    expect((await buildText(recipe, { update: true })).digest).not.toBe(digest);
  });

  it('is refused when frozen and missing or of another recipe, and left as it is', async () => {
    expect((await faultOf(buildText('packages: [tool]', { frozen: true }))).code).toBe('difference.lock');
    expect(existsSync(join(folder, 'lock.json'))).toBe(false);
    await buildText('packages: [tool]');
    const before = readFileSync(join(folder, 'lock.json'));
    const fault = await faultOf(buildText('packages: [libtool1]', { frozen: true }));
    expect(fault.exitCode).toBe(1);
    expect(fault.parameters).toMatchObject({ changes: ['+ libtool1', '- tool'] });
    expect(readFileSync(join(folder, 'lock.json'))).toEqual(before);
  });

  it('is resolved anew when the recipe asks for other packages', async () => {
    await buildText('packages: [tool]');
    await buildText('packages: [libtool1]');
    expect(Object.keys(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')).inputs.packages)).toHaveLength(2);
    expect(read().files.has('usr/bin/tool')).toBe(false);
  });

  it('names where a package is kept that the mirror has no more', async () => {
    await buildText('packages: [tool]');
    await publish([{ ...tool, version: '2.0-1' }, library]);
    for (const path of archive.files.keys()) if (path.includes('tool_1.0')) archive.files.delete(path);
    const fault = await faultOf(buildText('packages: [tool]', { frozen: true, cache: join(folder, 'empty') }));
    expect([fault.code, fault.exitCode]).toEqual(['environment.superseded', 3]);
    expect(JSON.stringify(fault.parameters)).toContain('https://snapshot.debian.org/');
  });

  it('is refused when it is damaged', async () => {
    await buildText('packages: [tool]');
    const text = readFileSync(join(folder, 'lock.json'), 'utf8');
    for (const bad of ['', '{', '[]', text.slice(0, 200), text.replace('pool/main', '../../etc')]) {
      writeFileSync(join(folder, 'lock.json'), bad);
      expect((await faultOf(buildText('packages: [tool]'))).exitCode).toBe(4);
    }
  });
});

describe('checking an image', () => {
  const text = [
    'packages: [tool]',
    "files: [{ copy: data, to: /app/data }, { text: y, to: /y, mode: '0640' }]",
    'env: { B: 1, A: 2 }',
    'annotations: { k: v }',
  ].join('\n');

  /** What differs between the image and what its record gives with these project files. */
  async function check(recipeText?: string, tag = 'latest'): Promise<readonly object[]> {
    const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache'), mirror: served.url, offline: true });
    const path = join(folder, 'other.yaml');
    if (recipeText !== undefined) writeFileSync(path, recipeText);
    const recipe = recipeText === undefined ? {} : { recipe: await loadRecipe(path, {}) };
    const image = `oci:${join(folder, 'layout')}:${tag}`;
    try {
      return (await checkBuild({ image, folder, report: () => {}, ...recipe }, toolbox)).differences;
    } finally {
      await toolbox.close();
    }
  }

  beforeEach(async () => {
    writeFileSync(join(folder, 'data'), 'x');
    await buildText(text);
  });

  it('finds nothing in what was built, without lock file, index or network', async () => {
    rmSync(join(folder, 'lock.json'));
    served.requests.length = 0;
    expect(await check()).toEqual([]);
    expect(await check(text)).toEqual([]);
    expect(served.requests).toEqual([]);
  });

  it('tells which file of the project is another', async () => {
    writeFileSync(join(folder, 'data'), 'z');
    chmodSync(join(folder, 'data'), 0o755);
    expect(await check()).toEqual([
      { kind: 'file', path: '/app/data', change: 'differs', aspects: ['mode', 'content'] },
    ]);
  });

  it('tells what another recipe would have made', async () => {
    const other = text.replace('A: 2', 'A: 3').replace('to: /y', 'to: /z').replace('k: v', 'k: w');
    const found = await check(other);
    expect(found).toContainEqual({ kind: 'config', key: 'config.Env', image: '["B=1","A=2"]', built: '["B=1","A=3"]' });
    expect(found).toContainEqual({ kind: 'file', path: '/y', change: 'only-image' });
    expect(found).toContainEqual({ kind: 'file', path: '/z', change: 'only-built' });
    expect(await check('packages: [libtool1]')).toContainEqual({ kind: 'recipe', text: '- tool' });
  });

  it('finds what somebody changed in the image', async () => {
    const at = (digest: string): string => join(folder, 'layout/blobs', digest.replace(':', '/'));
    const index = JSON.parse(readFileSync(join(folder, 'layout/index.json'), 'utf8'));
    const manifest = JSON.parse(readFileSync(at(index.manifests[0].digest), 'utf8'));
    const put = (bytes: Buffer) => {
      const digest = sha256(bytes);
      writeFileSync(at(digest), bytes);
      return { digest, size: bytes.length };
    };
    const config = JSON.parse(readFileSync(at(manifest.config.digest), 'utf8'));
    const last = manifest.layers.length - 1;
    const plain = gunzipSync(readFileSync(at(manifest.layers[last].digest)));
    plain.write('Y', plain.lastIndexOf('y'));
    config.rootfs.diff_ids[last] = sha256(plain);
    Object.assign(manifest.layers[last], put(gzipSync(plain)));
    Object.assign(manifest.config, put(Buffer.from(JSON.stringify(config))));
    Object.assign(index.manifests[0], put(Buffer.from(JSON.stringify(manifest))));
    writeFileSync(join(folder, 'layout/index.json'), JSON.stringify(index));
    expect(await check()).toEqual([{ kind: 'file', path: '/y', change: 'differs', aspects: ['content'] }]);
  });

  it('refuses an image that does not say how it was built', async () => {
    makeLayout(join(folder, 'foreign'), { layers: [], compression: 'none', tag: 'v', config: {} });
    const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
    const image = `oci:${join(folder, 'foreign')}:v`;
    expect((await faultOf(checkBuild({ image, folder, report: () => {} }, toolbox))).exitCode).toBe(4);
    await toolbox.close();
  });
});

describe('bad input leaves nothing behind', () => {
  const single = (files: TestPackage['files'], name = 'bad'): TestPackage => ({
    name,
    version: '1',
    files: files ?? [],
  });
  const otherDeb = makeDeb({ control: { Package: 'other', Version: '1', Architecture: 'amd64' } });
  const cases: readonly (readonly [string, readonly TestPackage[], string, string])[] = [
    [
      'a package that needs what nobody has',
      [{ ...tool, fields: { Depends: 'nothing' } }],
      'tool',
      'usage.unsatisfiable',
    ],
    ['a package that is not there', [tool, library], 'nope', 'usage.unsatisfiable'],
    ['a path that leaves the root', [single([{ name: '../../etc/passwd', content: 'x' }])], 'bad', 'untrusted'],
    [
      'a file below a link',
      [
        single([
          { name: 'a', type: 'symlink', link: '/etc' },
          { name: 'a/b', content: 'x' },
        ]),
      ],
      'bad',
      'untrusted',
    ],
    ['a .deb that is none', [{ ...single([]), deb: Buffer.from('no') }], 'bad', 'untrusted'],
    ['another package under its name', [{ ...single([]), deb: otherDeb }], 'bad', 'untrusted'],
    ['an empty .deb', [{ ...single([]), deb: Buffer.from('') }], 'bad', 'untrusted'],
    [
      'two packages that bring one path',
      [single([{ name: 'x', content: '1' }], 'one'), single([{ name: 'x', content: '2' }], 'two')],
      'one, two',
      'usage.conflict',
    ],
  ];
  it.each(cases)('%s', async (_, packages, wanted, code) => {
    await publish(packages);
    const fault = await faultOf(buildText(`packages: [${wanted}]`));
    expect(fault.code.startsWith(code)).toBe(true);
    expect(existsSync(join(folder, 'layout'))).toBe(false);
  });

  it('bytes that the index does not promise', async () => {
    for (const path of archive.files.keys()) if (path.endsWith('.deb')) archive.files.set(path, Buffer.from('changed'));
    expect((await faultOf(buildText('packages: [tool]'))).exitCode).toBe(4);
    archive.files.clear();
  });

  it('an architecture that the release is not made for, and names that no image may have', async () => {
    const fault = await faultOf(buildText('packages: [tool]\narchitectures: [s390x]'));
    expect([fault.code, fault.exitCode, fault.parameters]).toMatchObject([
      'usage.architecture',
      2,
      { architecture: 's390x', available: 'amd64' },
    ]);
    expect((await faultOf(buildText('packages: [tool]', { tag: 'Bad Name:1' }))).code).toBe('usage.reference');
  });

  it('an index that nobody known has signed, and one that has expired', async () => {
    writeFileSync(join(folder, 'key.gpg'), '');
    expect((await faultOf(buildText('packages: [tool]'))).exitCode).toBe(4);
    writeFileSync(join(folder, 'key.gpg'), Buffer.from(archive.key.publicKey.data, 'base64'));
    for (const suite of suites([tool, library])) {
      await addSuite(archive, { ...suite, release: { 'Valid-Until': 'Sat, 01 Jun 2024 01:00:00 UTC' } });
    }
    expect((await faultOf(buildText('packages: [tool]'))).code).toBe('untrusted.expired');
    expect((await buildText('packages: [tool]', { allowExpired: true })).packages).toBe(2);
  });

  it('paths outside the project, owners and users that are not there', async () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner/x'), 'x');
    symlinkSync('/etc', join(folder, 'out'));
    symlinkSync('inner', join(folder, 'in'));
    for (const from of ['out/passwd', 'out/ssl/*', 'in/../out/passwd']) {
      const fault = await faultOf(buildText(`files: [{ copy: '${from}', to: /x/ }]`));
      expect(fault.code).toBe('usage.outside-recipe');
    }
    await buildText('files: [{ copy: in/x, to: /x }, { copy: out, to: /etc/out }]', { output: 'linked' });
    expect(read('linked').files.get('x')?.text).toBe('x');
    expect(read('linked').files.get('etc/out')).toMatchObject({ type: 'symlink', link: '/etc' });
    for (const text of ['files: [{ copy: ../x, to: /x }]', 'files: [{ text: x, to: /x, owner: who }]', 'user: who']) {
      expect((await faultOf(buildText(text))).exitCode).toBe(2);
    }
    expect((await faultOf(buildText('files: [{ copy: none, to: /x }]'))).exitCode).toBe(3);
    expect((await faultOf(buildText('files: [{ text: x, to: /a }, { text: y, to: /a/b }]'))).code).toBe(
      'usage.conflict',
    );
  });

  it('equal files, and a path that one package takes over from another', async () => {
    const one = single([{ name: 'x', content: '1' }], 'one');
    await publish([
      one,
      { ...one, name: 'same' },
      { ...single([{ name: 'x', content: '2' }], 'two'), fields: { Replaces: 'one' } },
    ]);
    await buildText('packages: [one, same]');
    await buildText('packages: [two, one]', { output: 'replaced' });
    expect(read('replaced').files.get('x')?.text).toBe('2');
  });
});
