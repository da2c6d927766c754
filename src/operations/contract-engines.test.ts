import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { recordAnswers } from './contract.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-run-'));
const host = `unix://${join(folder, 'docker.sock')}`;
const children: ChildProcess[] = [];

const environments = {
  docker: { ...process.env, PATH: `/usr/bin:${process.env['PATH']}`, DOCKER_HOST: host },
  podman: {
    ...process.env,
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
  },
} as const;
type Engine = keyof typeof environments;
const tools = { docker: ['dockerd', 'docker'], podman: ['podman', 'runc'] } as const;

function available(engine: Engine): boolean {
  if (process.env['CI'] !== undefined) return true;
  return process.getuid?.() === 0 && tools[engine].every((tool) => spawnSync('which', [tool]).status === 0);
}

function ask(engine: Engine, ...args: readonly string[]): string {
  return execFileSync(engine, args, { env: environments[engine], encoding: 'utf8' });
}

/** A server in Perl that answers, writes, and has a child that hangs. */
const server = `use IO::Socket::INET;
open my $out, '>', '/data/log'; print $out "started\\n"; close $out;
if (!fork) { $SIG{TERM} = 'IGNORE'; sleep 1000 while 1 }
$SIG{TERM} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT} // 8080, Listen => 5, ReuseAddr => 1) or die $!;
print STDERR "listening as $<\\n";
while (my $client = $server->accept) {
  while (<$client>) { last if /^\\r?$/ }
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\nConnection: close\\r\\n\\r\\nhello\\n";
  close $client;
}
`;

function layout(): string {
  const programs = ['sh', 'cat', 'id', 'perl'].map((name) => `/usr/bin/${name}`);
  const libraries = programs.flatMap((path) =>
    [...execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library),
  );
  const modules = execFileSync('perl', ['-MIO::Socket::INET', '-e', 'print join "\\n", values %INC'], {
    encoding: 'utf8',
  });
  const objects = execFileSync(
    'perl',
    ['-MIO::Socket::INET', '-MDynaLoader', '-e', 'print join "\\n", @DynaLoader::dl_shared_objects'],
    {
      encoding: 'utf8',
    },
  );
  const paths = new Set([...programs, ...libraries, ...modules.split('\n'), ...objects.split('\n')]);
  const copied = [...paths].map((path) => ({ name: path.slice(1), content: readFileSync(path), mode: 0o755 }));
  const own = [
    { name: 'app/server', content: server },
    { name: 'data/', mode: 0o1777 },
    { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n' },
  ];
  const config = { Entrypoint: ['/usr/bin/perl', '/app/server'], WorkingDir: '/app', User: 'app' };
  makeLayout(join(folder, 'layout'), { layers: [makeLayer(copied), makeLayer(own)], config });
  return `oci:${join(folder, 'layout')}`;
}

async function startDocker(): Promise<void> {
  const at = (name: string): string => join(folder, name);
  const files = ['--data-root', at('data'), '--exec-root', at('exec'), '-p', at('pid')];
  children.push(spawn('dockerd', ['--iptables=false', '--bridge=none', '-H', host, ...files], { stdio: 'ignore' }));
  const answers = (): boolean => spawnSync('docker', ['version'], { env: environments.docker }).status === 0;
  for (let tries = 0; tries < 150 && !answers(); tries++) await sleep(200);
}

function configurePodman(): void {
  const limits = '["nofile=1024:1024", "nproc=1000:1000"]';
  writeFileSync(join(folder, 'containers.conf'), `[containers]\ndefault_ulimits=${limits}\n[engine]\nruntime="runc"\n`);
  const [root, run] = ['podman', 'podman-run'].map((name) => JSON.stringify(join(folder, name)));
  writeFileSync(join(folder, 'storage.conf'), `[storage]\ndriver="vfs"\ngraphroot=${root}\nrunroot=${run}\n`);
}

afterAll(async () => {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  }
  spawnSync('umount', [join(folder, 'data'), join(folder, 'podman')]);
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['docker' as const, startDocker],
  ['podman' as const, configurePodman],
])('a contract in a real %s', (runtime, prepare) => {
  const skipped = !available(runtime);
  const toolbox = () =>
    testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') }, { environment: environments[runtime] });
  const record = (text: string) => {
    const contract = join(folder, 'contract.yaml');
    writeFileSync(contract, text);
    return recordAnswers(
      `oci:${join(folder, 'layout')}`,
      { runtime, hostNetwork: false, contract, trace: false },
      toolbox(),
    );
  };
  const nothingLeft = (): void => {
    expect(ask(runtime, 'ps', '--all', '--quiet')).toBe('');
    expect(ask(runtime, 'images', '--quiet')).toBe('');
    expect(readdirSync(join(folder, 'cache/runs'))).toEqual([]);
  };
  beforeAll(async () => {
    if (skipped) return;
    layout();
    await prepare();
  }, 60_000);

  it.skipIf(skipped)(
    'plays probes of every kind, and leaves nothing',
    async () => {
      const { recording } = await record(`
probes:
  - { http: / }
  - { tcp: 8080, send: "GET / HTTP/1.0\\r\\n\\r\\n" }
  - { exec: [sh, -c, "cat; id -u; exit 7"], stdin: "given" }
  - { run: [-e, "print 'other'; exit 3"], command: [perl] }
  - { logs: [stderr] }
  - { files: ["/data/**"] }
`);
      expect(recording.answers).toMatchObject([
        { fields: { status: '200', body: 'hello\n' } },
        { fields: { received: expect.stringContaining('hello') } },
        { fields: { code: '7', stdout: 'given1000\n' } },
        { fields: { code: '3', stdout: 'other' } },
        { fields: { stderr: 'listening as 1000\n' } },
        { fields: { 'file /data/log': 'started\n' } },
      ]);
      nothingLeft();
    },
    90_000,
  );

  it.skipIf(skipped)(
    'runs services in the network of the image, under their names',
    async () => {
      const { recording } = await record(`
environment: { PORT: 9090 }
services: { queue: { image: "oci:${join(folder, 'layout')}", ready: { tcp: 8080 } } }
ready: { tcp: 9090 }
probes:
  - { http: /, port: 9090 }
  - { http: /, port: 8080 }
  - { exec: [sh, -c, "while read -r line; do case $line in *queue*) echo $line;; esac; done </etc/hosts"] }
`);
      expect(recording.answers.map(({ fields }) => fields['status'] ?? fields['stdout'])).toEqual([
        '200',
        '200',
        expect.stringMatching(/^127\.0\.0\.1 localhost queue$/m),
      ]);
      nothingLeft();
    },
    90_000,
  );

  it.skipIf(skipped)(
    'that fails leaves nothing, though the image ignores signals',
    async () => {
      const failing = record('ready: { within: 300ms }\nprobes: [{ tcp: 9 }]');
      await expect(failing).rejects.toMatchObject({ code: 'usage.contract-fails' });
      nothingLeft();
    },
    60_000,
  );
});

describe.skipIf(!available('podman'))('an engine', () => {
  it('that cannot start a container has not answered for the image, and one whose program is missing has', async () => {
    layout();
    configurePodman();
    const start = (command: string) => {
      const contract = join(folder, 'start.yaml');
      writeFileSync(contract, `probes: [{ run: [], command: [${command}] }]`);
      const options = { runtime: 'podman', hostNetwork: false, contract, trace: false } as const;
      const toolbox = testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') }, { environment });
      return recordAnswers(`oci:${join(folder, 'layout')}`, options, toolbox);
    };
    const environment = { ...environments.podman };
    const { recording } = await start('/nowhere');
    expect(recording.answers.map(({ fields }) => fields['code'])).toEqual(['127']);
    environment.CONTAINERS_CONF = join(folder, 'impossible.conf');
    const limit = 'default_ulimits=["nofile=9999999999:9999999999"]';
    writeFileSync(environment.CONTAINERS_CONF, `[containers]\n${limit}\n[engine]\nruntime="runc"\n`);
    await expect(start('/usr/bin/id')).rejects.toMatchObject({ code: 'environment.runtime' });
  }, 120_000);
});
