import { compareText } from '../../../core/compare-text.ts';
import { CinzelError } from '../../../core/errors.ts';
import { type ImagePath, parentPath } from '../../../core/path.ts';
import type { Filesystem } from '../../../filesystem/model.ts';
import type { Platform } from '../../../image/model.ts';
import type { Distribution, OwnedFile, Package } from '../../../inventory/model.ts';
import { type Architecture, findArchitecture } from '../../architectures.ts';
import { heldCapabilities } from '../../file-capabilities.ts';
import type { LayerFile } from '../../files.ts';
import type { RecipeDocument, WrittenFile } from '../../recipe/schema.ts';
import { type DebianRelease, releases } from '../../releases.ts';
import { licence } from '../../selection/slices.ts';
import { type Brought, broughtBy } from './brought.ts';
import { certificateBundle, isBundleOf } from './certificate-bundle.ts';
import { copiedFolders, copyRequests, type FolderAttributes, octalMode } from './copy-requests.ts';
import { type DpkgRecords, readDpkgRecords } from './dpkg-records.ts';
import { type PartGlobs, partGlobs } from './part-globs.ts';
import { runtimeKeys } from './runtime-keys.ts';

/** A slimmed image and what it was made of. */
export interface RecipeSubject {
  /** Everything that the slimmed image has. */
  readonly files: readonly LayerFile[];
  readonly configuration: Uint8Array;
  readonly platform: Platform;
  readonly distribution: Distribution | undefined;
  /** The packages of dpkg that it lists. */
  readonly packages: readonly Package[];
  /** Of the source, by package id. */
  readonly owned: ReadonlyMap<string, readonly OwnedFile[]>;
  /** The source's. */
  readonly filesystem: Filesystem;
  /** The folder beside the recipe that gets the files which no package brings. */
  readonly source: string;
}

/** A recipe with the files that it copies, each to lie in the folder under its path in the image. */
export interface SlimRecipe {
  readonly document: RecipeDocument;
  readonly copied: readonly LayerFile[];
}

const loaderCache = 'etc/ld.so.cache';

/**
 * Makes the recipe that gives the files of a slimmed image again: from packages what they brought, the rest copied.
 * Throws `usage.slim-recipe` for an image that recipes cannot describe.
 */
export async function makeRecipe(subject: RecipeSubject): Promise<SlimRecipe> {
  const { files, filesystem, packages, owned, source } = subject;
  const release = releaseOf(subject.distribution);
  const architecture = architectureOf(subject);
  const byName = withTargets(files);
  const records = await readDpkgRecords(filesystem);
  const content = async (path: ImagePath): Promise<Uint8Array | undefined> => byName.get(path.slice(1))?.content;
  const bring = broughtBy({ filesystem, owned, records, content });
  const parts: PackagePart[] = [];
  for (const one of packages.toSorted((a, b) => compareText(a.name, b.name))) {
    parts.push(partOf(one, await bring(one), { byName, records }));
  }
  const merged = filesystem.get('/lib')?.type === 'symlink';
  const given = new Set([loaderCache, ...parts.flatMap(({ gives }) => gives)]);
  const bundle = byName.get(certificateBundle);
  const listsCertificates = packages.some(({ name }) => name === 'ca-certificates');
  if (bundle !== undefined && listsCertificates && (await isBundleOf(bundle.content, filesystem)))
    given.add(certificateBundle);
  const copied = [...byName.values()].filter((file) => isCopied(file, given));
  const requests = copyRequests(copied, source);
  const capabilities = capabilityKey(byName);
  const document: RecipeDocument = {
    distribution: release.id,
    ...(merged === release.mergedUsr ? {} : { 'merged-usr': merged }),
    architectures: [architecture.name],
    ...(packages.length === 0 ? {} : { pins: pinsOf(packages) }),
    dependencies: 'listed',
    packages: parts.map(({ request }) => request),
    files: [...requests, ...folderRequests(files, copiedFolders(copied, requests))],
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    users: [],
    groups: [],
    ...(byName.has(loaderCache) ? { 'ld-cache': true } : {}),
    ...runtimeKeys(subject.configuration, byName),
  };
  return { document, copied };
}

function releaseOf(distribution: Distribution | undefined): DebianRelease {
  const { id, versionId } = distribution ?? {};
  const found = releases.find(({ version }) => id === 'debian' && version === versionId);
  if (found !== undefined) return found;
  const name = distribution?.prettyName ?? [id, versionId].filter((part) => part !== undefined).join(' ');
  throw new CinzelError('usage.slim-recipe', { problem: 'distribution', name });
}

/** Packages of a recipe are of one architecture. */
function architectureOf({ platform, packages }: RecipeSubject): Architecture {
  const found = findArchitecture(platform.architecture);
  if (found === undefined) {
    throw new CinzelError('usage.slim-recipe', { problem: 'architecture', name: platform.architecture });
  }
  const foreign = packages.find(({ architecture }) => architecture !== 'all' && architecture !== found.debian);
  if (foreign === undefined) return found;
  const name = `${foreign.name}:${foreign.architecture}`;
  throw new CinzelError('usage.slim-recipe', { problem: 'architecture', name });
}

/** By name; a hard link is the file that it names, since what is copied beside a recipe has no links of that kind. */
function withTargets(files: readonly LayerFile[]): ReadonlyMap<string, LayerFile> {
  const byName = new Map(files.map((file) => [file.header.name, file]));
  for (const [name, { header }] of byName) {
    const target = header.type === 'hardlink' ? byName.get(header.link ?? '') : undefined;
    if (target !== undefined) byName.set(name, { ...target, header: { ...target.header, name } });
  }
  return byName;
}

/** A package of the recipe, with the names of the files that it gives. */
interface PackagePart {
  readonly request: NonNullable<RecipeDocument['packages']>[number];
  readonly gives: readonly string[];
}

interface PartContext {
  readonly byName: ReadonlyMap<string, LayerFile>;
  readonly records: DpkgRecords;
}

function partOf({ name }: Package, brought: Brought, { byName, records }: PartContext): PackagePart {
  // Builds put this one apart.
  if (name === 'busybox-static') return { request: { name, slices: ['healthcheck'] }, gives: [] };
  const owned = new Map([...brought].map(([path, is]) => [path, is && byName.has(path.slice(1))]));
  const gives = [...owned].flatMap(([path, kept]) => (kept ? [path.slice(1)] : []));
  const folds = !records.partial.has(name);
  // The licence is kept whatever the recipe says.
  const chosen = new Map([...owned].filter(([path]) => !licence.test(path)));
  const isPlain = folds && name !== 'ca-certificates';
  if (isPlain && [...chosen.values()].every((kept) => kept)) return { request: name, gives };
  return { request: { name, ...writable(partGlobs(chosen, { folds })) }, gives };
}

function writable({ keep, drop }: PartGlobs): { keep: string[]; drop?: string[] } {
  return { keep: [...keep], ...(drop === undefined ? {} : { drop: [...drop] }) };
}

/** Versions that are to be had no more give way to newer ones; the pins as a whole are what an update takes away. */
function pinsOf(packages: readonly Package[]): NonNullable<RecipeDocument['pins']> {
  const byVersion = new Map<string, string[]>();
  for (const { name, version } of packages) byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
  return [...byVersion].map(([version, names]) => ({ packages: names, version, priority: 1001 }));
}

/** Records are the build's own, and a device is nothing that lies in a folder. */
function isCopied({ header: { name, type } }: LayerFile, given: ReadonlySet<string>): boolean {
  if ((type !== 'file' && type !== 'symlink') || name.startsWith('var/lib/dpkg/')) return false;
  return !given.has(name) && !given.has(compiledSource(name));
}

/** The module that Python compiled (PEP 3147): such a file is a cache, and no longer its module's once that changes. */
function compiledSource(name: string): string {
  return name.replace(/__pycache__\/([^/]+?)\.[\w-]+(?:\.opt-\d)?\.pyc$/, '$1.py');
}

/** Folders that hold nothing, and those that what is copied leaves otherwise than they are. */
function folderRequests(
  files: readonly LayerFile[],
  copied: ReadonlyMap<ImagePath, FolderAttributes>,
): readonly WrittenFile[] {
  const holding = new Set(files.map(({ header: { name } }) => parentPath(`/${name}`)));
  return files.flatMap(({ header: { name, type, mode, uid, gid } }): readonly WrittenFile[] => {
    const path = `/${name}`;
    if (type !== 'directory' || name === './' || path.startsWith('/var/lib/dpkg')) return [];
    const made = copied.get(path) ?? usual;
    const isMade = made.mode === mode && made.uid === uid && made.gid === gid;
    if (isMade && holding.has(path)) return [];
    return [
      {
        folder: path,
        ...(uid === 0 && gid === 0 ? {} : { owner: `${uid}:${gid}` }),
        ...(mode === usual.mode ? {} : { mode: octalMode(mode) }),
      },
    ];
  });
}

const usual: FolderAttributes = { mode: 0o755, uid: 0, gid: 0 };

function capabilityKey(files: ReadonlyMap<string, LayerFile>): NonNullable<RecipeDocument['capabilities']> {
  const granted = [...files].flatMap(([name, { header }]): readonly (readonly [string, string[]])[] => {
    const attribute = header.xattrs?.get('security.capability');
    const names = attribute === undefined ? undefined : heldCapabilities(attribute);
    return names === undefined ? [] : [[`/${name}`, [...names]]];
  });
  return Object.fromEntries(granted);
}
