import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serve, type TestServer } from '../../../net/testing/serve.ts';
import { clearSign, detachSign, makeSigningKey, type SigningKey } from '../../../signing/testing/signing-key.ts';
import { type DebFile, makeDeb } from './make-deb.ts';
import { storedXz } from './stored-xz.ts';

/** A package of a test archive. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  /** `amd64` unless given. */
  readonly architecture?: string;
  /** Control fields to add or replace: `{ Depends: 'libc6 (>= 2)', Source: 'glibc' }`. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly files?: readonly DebFile[];
  /** Further members of control.tar: `postinst`, `conffiles` … */
  readonly controlFiles?: Readonly<Record<string, string>>;
  /** The whole .deb, where one made from the parts above will not do. */
  readonly deb?: Uint8Array;
}

export interface TestSuite {
  /** As `dists/NAME` has it; also its codename unless `release` says otherwise. */
  readonly name: string;
  /** Packages of the component `main`. */
  readonly packages?: readonly TestPackage[];
  /** Packages of further components. */
  readonly components?: Readonly<Record<string, readonly TestPackage[]>>;
  /** Fields of Release to add or replace; undefined leaves one out. */
  readonly release?: Readonly<Record<string, string | undefined>>;
  /** Lists packages for all architectures apart, in an index of their own. */
  readonly allApart?: boolean;
  /** Stanzas to append to the Packages file of `main`, as they are. */
  readonly stanzas?: string;
  /** Keys that sign it; the archive's own unless given. */
  readonly signers?: readonly SigningKey[];
  /** Time of its signature and `Date`; 2024-06-01 unless given. */
  readonly date?: Date;
}

/** A small signed archive in memory, laid out as Debian's: wiki.debian.org/DebianRepository/Format. */
export interface TestArchive {
  /** Contents by path below the root; change them to damage or update the archive. */
  readonly files: Map<string, Uint8Array>;
  readonly key: SigningKey;
}

/** Every suite: InRelease, Release and its signature, Packages plain, gzip and xz, each by hash too; no `Valid-Until`. */
export async function makeTestArchive(suites: readonly TestSuite[], ownKey?: SigningKey): Promise<TestArchive> {
  const key = ownKey ?? (await makeSigningKey());
  const archive: TestArchive = { files: new Map(), key };
  for (const suite of suites) await addSuite(archive, suite);
  return archive;
}

/** Adds a suite, or publishes it anew. */
export async function addSuite({ files, key }: TestArchive, suite: TestSuite): Promise<void> {
  const { name, packages = [], components = {}, signers = [key], date = new Date('2024-06-01T00:00:00Z') } = suite;
  const all = { main: packages, ...components };
  const own = architecturesOf(Object.values(all).flat());
  const architectures = suite.allApart === true ? ['all', ...own] : own;
  const indexes = new Map<string, Uint8Array>();
  for (const [component, listed] of Object.entries(all)) {
    for (const architecture of architectures) {
      const fits = suite.allApart === true ? [architecture] : ['all', architecture];
      const fitting = listed.filter((one) => fits.includes(one.architecture ?? 'amd64'));
      const stanzas = fitting.map((one) => addPackage(files, component, one));
      if (component === 'main' && architecture !== 'all' && suite.stanzas !== undefined) stanzas.push(suite.stanzas);
      addIndex(indexes, `${component}/binary-${architecture}/Packages`, Buffer.from(stanzas.join('\n')));
    }
  }
  for (const [path, content] of indexes) {
    files.set(`dists/${name}/${path}`, content);
    files.set(`dists/${name}/${dirname(path)}/by-hash/SHA256/${hash(content)}`, content);
  }
  const fields = { components: Object.keys(all).join(' '), architectures: architectures.join(' '), date };
  const text = releaseText(suite, fields, indexes);
  files.set(`dists/${name}/Release`, Buffer.from(text));
  files.set(`dists/${name}/Release.gpg`, await detachSign(text, signers, date));
  files.set(`dists/${name}/InRelease`, await clearSign(text, signers, date));
}

function architecturesOf(packages: readonly TestPackage[]): readonly string[] {
  const own = packages.map(({ architecture = 'amd64' }) => architecture).filter((name) => name !== 'all');
  return own.length === 0 ? ['amd64'] : [...new Set(own)].sort();
}

/** Puts the package into the pool and gives its stanza. */
function addPackage(files: Map<string, Uint8Array>, component: string, one: TestPackage): string {
  const { name, version, architecture = 'amd64', fields = {} } = one;
  const control = {
    Package: name,
    Version: version,
    Architecture: architecture,
    Maintainer: 'Test <test@example.com>',
    Description: name,
    ...fields,
  };
  const { controlFiles = {} } = one;
  const deb = one.deb ?? makeDeb({ control, controlFiles, files: one.files ?? [] });
  const fileVersion = version.replace(/^\d+:/, '');
  const path = `pool/${component}/${name.slice(0, 1)}/${name}/${name}_${fileVersion}_${architecture}.deb`;
  files.set(path, deb);
  const entries = Object.entries({ ...control, Filename: path, Size: deb.length, SHA256: hash(deb) });
  return entries.map(([field, value]) => `${field}: ${value}\n`).join('');
}

function addIndex(indexes: Map<string, Uint8Array>, path: string, content: Buffer): void {
  indexes.set(path, content);
  indexes.set(`${path}.gz`, gzipSync(content));
  indexes.set(`${path}.xz`, storedXz(content));
}

function releaseText(
  { name, release = {} }: TestSuite,
  { components, architectures, date }: { components: string; architectures: string; date: Date },
  indexes: ReadonlyMap<string, Uint8Array>,
): string {
  const fields = {
    Origin: 'Test',
    Label: 'Test',
    Suite: name,
    Codename: name,
    Date: date.toUTCString().replace('GMT', 'UTC'),
    'Acquire-By-Hash': 'yes',
    Architectures: architectures,
    Components: components,
    ...release,
  };
  const lines = Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [`${field}: ${value}`]));
  const hashes = [...indexes].map(([path, content]) => ` ${hash(content)} ${content.length} ${path}`);
  return [...lines, 'SHA256:', ...hashes, ''].join('\n');
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Writes the archive below a folder. */
export function writeTestArchive({ files }: TestArchive, folder: string): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export interface ServedArchive extends TestServer {
  /** Base addresses for `openArchive`: both archives are this one. */
  readonly mirrors: { readonly main: string; readonly security: string; readonly origin: 'given' };
  /** Paths that were asked for, in order. */
  readonly requests: string[];
}

/** Serves what the archive has at the time of each request, on loopback. */
export async function serveTestArchive({ files }: TestArchive): Promise<ServedArchive> {
  const requests: string[] = [];
  const server = await serve((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    requests.push(path);
    const content = files.get(path);
    response.writeHead(content === undefined ? 404 : 200, { 'content-length': content?.length ?? 0 }).end(content);
  });
  return { ...server, mirrors: { main: server.url, security: server.url, origin: 'given' }, requests };
}
