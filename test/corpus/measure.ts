import { lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SlimReport } from '../../src/operations/slim-report.ts';
import type { PlanEntry } from '../../src/reach/plan/model.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { type BuiltApp, buildApp } from './build.ts';
import type { App } from './descriptor.ts';
import { unpackLayout } from './layers.ts';
import { play, type Run } from './play.ts';
import { command } from './shell.ts';

/** Counts of one image. */
export interface Counts {
  readonly bytes: number;
  readonly packages: number;
  readonly vulnerabilities: number;
}

export interface Measured {
  readonly app: App;
  readonly fat: Counts;
  readonly slim: Counts;
  /** (a) Files that the original opened or executed and that the plan drops. */
  readonly missed: readonly string[];
  /** (b) Bytes outside the application and outside interpreters' standard libraries. */
  readonly kept: number;
  readonly traced: number;
  /** (c) Share of findings that are answered with yes or no. */
  readonly answered: number;
  /** (d) Packages of which code was opened and that are answered with no. */
  readonly denied: readonly string[];
  readonly shells: readonly string[];
  readonly sameDigest: boolean;
  readonly differences: readonly string[];
  /** What is kept and was not opened, by package, the largest first; to see why (b) is what it is. */
  readonly unopened: readonly { readonly what: string; readonly bytes: number; readonly reason: string }[];
  /** Why findings have no answer. */
  readonly unanswered: readonly string[];
}

const cli = join(import.meta.dirname, '../../dist/cli.js');

function cinzel(...words: readonly string[]): string {
  const offline = { ...process.env, LANG: 'C.UTF-8', CI: 'true' };
  return command([process.execPath, cli, ...words], { env: offline });
}

function readJson<Document>(file: string): Document {
  return JSON.parse(readFileSync(file, 'utf8')) as Document;
}

/** Builds, slims without a trace, runs both, and measures. */
export async function measure(app: App, cache: string): Promise<Measured> {
  const built = await buildApp(app, cache);
  const work = join(cache, `work-${app.name}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const { report, small, config, sameDigest } = slimTwice(built, work);
  const scan = scanOf(`oci:${built.layout}:${built.tag}`, join(work, 'fat.json'), '--reach');
  const after = scanOf(`oci:${join(work, 'slim')}`, join(work, 'slim.json'));
  const fat = play(app, built.config, built.roots);
  const slim = play(app, config, [small], { originalRoots: built.roots });
  const traced = play(app, startedAs(config, built.config), built.roots, { traced: true });
  const found = compareTrace({ report, small, opened: traced.opened, scan });
  rmSync(work, { recursive: true, force: true });
  return {
    app,
    fat: countsOf(report.before.bytes, scan),
    slim: countsOf(report.after.bytes, after),
    ...found,
    answered: answeredShare(scan),
    shells: after.image.surface?.shells ?? [],
    sameDigest,
    differences: [...differencesOf(fat, slim), ...failuresOf(fat)],
    unanswered: unansweredOf(scan),
  };
}

/** The original, started as the slim image is: what only npm or a shell opened that starts something else is no miss. */
function startedAs({ Entrypoint, Cmd, Env }: BuiltApp['config'], original: BuiltApp['config']): BuiltApp['config'] {
  return { ...original, Entrypoint, Cmd, Env };
}

function slimTwice({ layout, tag }: BuiltApp, work: string) {
  const source = `oci:${layout}:${tag}`;
  const [one, two] = [join(work, 'slim'), join(work, 'again')];
  const plain = ['--compression', 'none'];
  const digest = cinzel(
    'slim',
    source,
    '-o',
    `oci:${one}`,
    ...plain,
    '--report',
    `json=${join(work, 'plan.json')}`,
  ).trim();
  const again = cinzel('slim', source, '-o', `oci:${two}`, ...plain, '--cache-dir', join(work, 'cache')).trim();
  const small = join(work, 'small');
  const config = unpackLayout(one, small);
  return { report: readJson<SlimReport>(join(work, 'plan.json')), small, config, sameDigest: digest === again };
}

function scanOf(reference: string, file: string, ...words: readonly string[]): ScanResult {
  cinzel('scan', reference, '--feeds', 'debian-archive', '--quiet', ...words, '-o', `json=${file}`);
  return readJson<ScanResult>(file);
}

function countsOf(bytes: number, { packages, summary }: ScanResult): Counts {
  return {
    bytes,
    packages: packages.filter(({ ownedBy }) => ownedBy === undefined).length,
    vulnerabilities: Object.values(summary.vulnerabilities ?? {}).reduce((sum, count) => sum + count, 0),
  };
}

function answeredShare({ findings = [] }: ScanResult): number {
  if (findings.length === 0) return 1;
  return (
    findings.filter(({ reachable }) => reachable?.answer === 'yes' || reachable?.answer === 'no').length /
    findings.length
  );
}

/** What tools read of every installed Python distribution that they find in a folder: who is gone is not found. */
function isListedOnly({ path, package: owner }: PlanEntry, used: ReadonlySet<string>): boolean {
  return /\.(?:dist|egg)-info(?:\/|$)/.test(path) && !(owner !== undefined && used.has(owner));
}

function unansweredOf({ findings = [] }: ScanResult): readonly string[] {
  const open = findings.filter(({ reachable }) => reachable?.answer === 'unknown');
  return [...new Set(open.map(({ packageId, reachable }) => `${packageId}: ${reachable?.reason ?? ''}`))];
}

/** Standard libraries of interpreters, counted apart (CONTRACT.md). */
const standardLibrary =
  /^\/usr\/(?:local\/)?lib\/(?:python3(?:\.\d+)?\/(?!dist-packages|site-packages)|ruby\/(?!vendor_ruby|gems)|jvm\/|x86_64-linux-gnu\/(?:perl|ruby)\/)|^\/usr\/share\/perl\//;

interface Traced {
  readonly report: SlimReport;
  /** The slim image's files. */
  readonly small: string;
  readonly opened: readonly string[];
  readonly scan: ScanResult;
}

function compareTrace({ report, small, opened, scan }: Traced) {
  const entries = report.entries.map((entry) => asWritten(entry, small));
  const byPath = new Map<string, PlanEntry>(entries.map((entry) => [entry.path, entry]));
  const seen = opened.flatMap((path) => byPath.get(path) ?? []).filter(isFile);
  const outside = (entry: PlanEntry) => entry.application !== true && !isStandard(entry, byPath);
  const bytes = (list: readonly PlanEntry[]) => list.reduce((sum, { size }) => sum + size, 0);
  const kept = entries.filter((entry) => entry.fate === 'kept' && isFile(entry) && outside(entry));
  const seenPaths = new Set(seen.map(({ path }) => path));
  const unopened = new Map<string, { bytes: number; largest: PlanEntry }>();
  for (const entry of kept) {
    if (seenPaths.has(entry.path)) continue;
    const what = entry.package?.replace(/^\w+\/|@.*$/g, '') ?? entry.path;
    const known = unopened.get(what);
    const largest = known === undefined || known.largest.size < entry.size ? entry : known.largest;
    unopened.set(what, { bytes: (known?.bytes ?? 0) + entry.size, largest });
  }
  const answers = new Map((scan.findings ?? []).map(({ packageId, reachable }) => [packageId, reachable?.answer]));
  const code = /\.(?:so[.\d]*|node|[cm]?js|py|rb|pl|pm|php|jar)$|\/s?bin\//;
  const owners = new Set(seen.filter(({ path }) => code.test(path)).flatMap(({ package: owner }) => owner ?? []));
  return {
    missed: seen.filter((entry) => entry.fate === 'dropped' && !isListedOnly(entry, owners)).map(({ path }) => path),
    kept: bytes(kept),
    traced: bytes(seen.filter(outside)),
    denied: [...owners].filter((id) => answers.get(id) === 'no'),
    unopened: [...unopened]
      .map(([what, { bytes: sum, largest }]) => ({ what, bytes: sum, reason: reasonFor(largest, byPath) }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 15),
  };
}

/** What brings a package in: the edge that leads to it from elsewhere. */
function reasonFor(entry: PlanEntry, byPath: ReadonlyMap<string, PlanEntry>, hops = 50): string {
  const path = entry.fate === 'kept' ? entry.from : undefined;
  const from = path === undefined ? undefined : byPath.get(path);
  if (from === undefined || hops === 0) return `${entry.reason} of ${entry.path}`;
  const isSame = entry.package !== undefined && from.package === entry.package;
  return isSame ? reasonFor(from, byPath, hops - 1) : `${entry.reason} from ${from.path}`;
}

/** A record that is kept holds less than before. */
function asWritten(entry: PlanEntry, small: string): PlanEntry {
  const size = entry.fate === 'kept' ? lstatSync(join(small, entry.path), { throwIfNoEntry: false })?.size : undefined;
  return { ...entry, size: size ?? entry.size };
}

/** A file of a standard library, or one that is kept for such a file only, as the libraries of its extensions are. */
function isStandard(entry: PlanEntry, byPath: ReadonlyMap<string, PlanEntry>, hops = 20): boolean {
  if (standardLibrary.test(entry.path)) return true;
  const from = entry.fate === 'kept' && entry.from !== undefined ? byPath.get(entry.from) : undefined;
  return from !== undefined && hops > 0 && isStandard(from, byPath, hops - 1);
}

function isFile({ type }: PlanEntry): boolean {
  return type === 'file' || type === 'hardlink';
}

function differencesOf(fat: Run, slim: Run): readonly string[] {
  return fat.answers.flatMap((one, index) => {
    const two = slim.answers[index] ?? '';
    return one === two
      ? []
      : [`probe ${index + 1}: fat ${one.slice(0, 1500)}\n  slim ${two.slice(0, 1500)}\n${slim.output.slice(-3000)}`];
  });
}

/** A probe that the original does not answer proves nothing. */
function failuresOf({ answers, output }: Run): readonly string[] {
  const failed = answers.filter((answer) => answer.includes('"failure"') || answer.includes('"status":5'));
  return failed.map((answer) => `the original fails: ${answer.slice(0, 1000)}\n${output.slice(-3000)}`);
}
