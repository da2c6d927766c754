import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type OsvServer, startOsvServer } from '../../src/advisories/testing/osv-server.ts';
import { flagsOf } from '../../src/commands/flags.ts';
import { scan } from '../../src/commands/scan.ts';
import { english } from '../../src/i18n/en/index.ts';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { version } from '../../src/version.ts';
import { cli, type Ended, makeFolder, plainEnvironment, root, runProgram } from '../cli/run.ts';

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly allow_failure: { readonly exit_codes: number };
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: Readonly<Record<string, string>> };
}

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
const { cinzel: job } = parse(readFileSync(join(root, 'templates/gitlab-ci.yml'), 'utf8')) as { cinzel: Job };
const folder = makeFolder();
let feed: OsvServer;

beforeAll(async () => {
  feed = await startOsvServer();
  feed.publish('PyPI', [
    {
      id: 'PYSEC-2024-1',
      modified: '2024-05-01T00:00:00Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'left' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
        },
      ],
    },
  ]);
  const name = 'usr/lib/python3/dist-packages/left-1.0.dist-info/METADATA';
  const content = 'Metadata-Version: 2.1\nName: left\nVersion: 1.0\n';
  makeLayout(join(folder.path, 'my image'), { layers: [makeLayer([{ name, content }])], tag: 'one' });
  mkdirSync(join(folder.path, 'bin'));
});

afterAll(async () => {
  folder.remove();
  await feed.close();
});

function runScript(
  script: string,
  shell: readonly [string, ...string[]],
  more: Readonly<Record<string, string>>,
): Promise<Ended> {
  const [command, ...args] = shell;
  const env = plainEnvironment(folder.path, { CINZEL_FEED_OSV: feed.url, CINZEL_FEEDS: 'osv', ...more });
  return runProgram(command, [...args, script], { cwd: folder.path, env });
}

/** The long flags that a script names after `cinzel scan` or in its list of arguments. */
function flagsIn(script: string): readonly string[] {
  const lines = script.split('\n').filter((line) => !/^\s*(?:#|npm)/.test(line) && !line.includes('npm install'));
  return [...new Set(lines.flatMap((line) => line.match(/(?<=[\s(])--[a-z][\w-]*/g) ?? []))];
}

const known = flagsOf(scan, english).map(({ name }) => name);

describe('the GitHub action', () => {
  const step = (name: string): Step => {
    const found = action.runs.steps.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no step "${name}"`);
    return found;
  };

  it('is a composite whose inputs are all described and used, and never pasted into a script', () => {
    expect(action.runs.using).toBe('composite');
    const whole = readFileSync(join(root, 'action.yml'), 'utf8');
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description).not.toBe('');
      expect(whole).toContain(`inputs.${name}`);
    }
    for (const { run, shell } of action.runs.steps.filter((candidate) => candidate.run !== undefined)) {
      expect(run).not.toContain('${{');
      expect(shell).toBe('bash');
    }
  });

  it('uses only flags that the command has', () => {
    const flags = flagsIn(step('Scan').run ?? '');
    expect(flags).toEqual(['--report', '--fail-on']);
    expect(known).toEqual(expect.arrayContaining([...flags]));
    expect(step('Scan').run).toContain(' scan ');
  });

  /** The step's shell and environment as the runner would make them, with the defaults of the inputs. */
  async function runScan(inputs: Readonly<Record<string, string>>): Promise<Ended & { readonly summary: string }> {
    const given = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default ?? '']),
    );
    const variables = Object.entries(step('Scan').env ?? {}).map(
      ([name, value]) =>
        [name, value.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => given[input] ?? '')] as const,
    );
    const summary = join(folder.path, 'summary.md');
    writeFileSync(summary, '');
    const ended = await runScript(
      step('Scan').run ?? '',
      ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c'],
      {
        ...Object.fromEntries(variables),
        CINZEL_COMMAND: cli,
        RUNNER_TEMP: folder.path,
        GITHUB_STEP_SUMMARY: summary,
      },
    );
    return { ...ended, summary: readFileSync(summary, 'utf8') };
  }

  it('scans, shows the table, and puts the report into the summary', async () => {
    const { code, stdout, summary } = await runScan({ image: 'my image' });
    expect(code).toBe(0);
    expect(stdout).toContain('1 vulnerability');
    expect(summary).toContain('PYSEC-2024-1');
  });

  it('fails at the gate after it has written every report', async () => {
    const formats = 'sarif=out.sarif\nhtml=out.html  ids=out.txt';
    const { code, stderr, summary } = await runScan({
      image: 'my image',
      formats,
      'fail-on': 'high',
      args: '--only-fixed\n--severity\ncritical',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('1 vulnerability fits --fail-on high.');
    expect(readFileSync(join(folder.path, 'out.txt'), 'utf8')).toBe('PYSEC-2024-1\n');
    expect(JSON.parse(readFileSync(join(folder.path, 'out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(existsSync(join(folder.path, 'out.html'))).toBe(true);
    expect(summary).not.toBe('');
  });

  it('takes inputs for what they are', async () => {
    const { code, stderr } = await runScan({ image: '$(touch pwned); "', args: '$(touch pwned)' });
    expect([code, existsSync(join(folder.path, 'pwned'))]).toEqual([2, false]);
    expect(stderr).toContain('pwned');
    expect((await runScan({ image: 'my image', summary: 'false' })).summary).toBe('');
  });

  it('takes the command that its own checkout builds', async () => {
    const checkout = join(folder.path, 'checkout');
    for (const name of ['scripts', 'dist']) mkdirSync(join(checkout, name), { recursive: true });
    writeFileSync(
      join(checkout, 'scripts/setup.mjs'),
      `import { symlinkSync } from 'node:fs'; symlinkSync(${JSON.stringify(cli)}, ${JSON.stringify(join(checkout, 'dist/cli.js'))});`,
    );
    const variables = join(folder.path, 'variables');
    const { code, stdout } = await runScript(step('Install Cinzel').run ?? '', ['bash', '-e', '-c'], {
      VERSION: '',
      ACTION: checkout,
      RUNNER_TEMP: folder.path,
      GITHUB_ENV: variables,
    });
    expect([code, stdout.trim()]).toEqual([0, version]);
    expect(readFileSync(variables, 'utf8')).toBe(`CINZEL_COMMAND=${checkout}/dist/cli.js\n`);
  });
});

describe('the GitLab template', () => {
  it('uses only flags and variables that the command has', () => {
    expect(flagsIn(job.script.join('\n'))).toEqual(['--report']);
    expect(known).toContain('--report');
  });

  it('writes what it hands to GitLab, and keeps the job’s credentials for its own registry', async () => {
    const home = join(folder.path, 'home');
    mkdirSync(home);
    symlinkSync(process.execPath, join(folder.path, 'bin/node'));
    writeFileSync(join(folder.path, 'bin/npm'), '#!/bin/sh\necho "$@" > npm-words\n');
    writeFileSync(join(folder.path, 'bin/cinzel'), `#!/bin/sh\nexec node ${cli} "$@"\n`);
    for (const name of ['npm', 'cinzel']) chmodSync(join(folder.path, 'bin', name), 0o755);
    const script = ['set -e', ...job.before_script, ...job.script].join('\n');
    const { code, stderr } = await runScript(script, ['sh', '-c'], {
      PATH: `${join(folder.path, 'bin')}:${process.env['PATH']}`,
      HOME: home,
      ...job.variables,
      CI_REGISTRY: 'registry.example.com',
      CI_REGISTRY_USER: 'job',
      CI_REGISTRY_PASSWORD: 'secret',
      CINZEL_IMAGE: 'my image',
      CINZEL_FAIL_ON: 'high',
      CINZEL_CACHE_DIR: join(folder.path, 'cache'),
      CINZEL_DB_DIR: join(folder.path, 'cache/db'),
    });
    expect(stderr).toContain('1 vulnerability fits --fail-on high.');
    expect(code).toBe(job.allow_failure.exit_codes);
    expect(readFileSync(join(folder.path, 'npm-words'), 'utf8')).toBe('install --global --no-audit --no-fund cinzel\n');
    expect(JSON.parse(readFileSync(join(home, '.docker/config.json'), 'utf8'))).toEqual({
      auths: { 'registry.example.com': { auth: Buffer.from('job:secret').toString('base64') } },
    });
    for (const path of job.artifacts.paths) expect(existsSync(join(folder.path, path)), path).toBe(true);
    const report = JSON.parse(
      readFileSync(join(folder.path, job.artifacts.reports['container_scanning'] ?? ''), 'utf8'),
    ) as object;
    expect(report).toMatchObject({ scan: { type: 'container_scanning' }, vulnerabilities: [{ severity: 'Critical' }] });
  });
});
