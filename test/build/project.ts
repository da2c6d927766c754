import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addSuite,
  makeTestArchive,
  type ServedArchive,
  serveTestArchive,
  type TestArchive,
  type TestPackage,
  type TestSuite,
} from '../../src/repositories/apt/testing/test-archive.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from '../cli/run.ts';

/** A folder with a recipe of packages from a small signed archive, and the built command to run in it. */
export interface Project {
  readonly folder: string;
  readonly archive: TestArchive;
  readonly served: ServedArchive;
  /** Publishes the suites of Debian 13 anew, the first with these packages. */
  readonly publish: (packages: readonly TestPackage[], suite?: Partial<TestSuite>) => Promise<void>;
  /** Writes the recipe, with the archive's address and key. */
  readonly write: (recipe: string, mirror?: string) => void;
  readonly run: (words: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

export async function makeProject(packages: readonly TestPackage[]): Promise<Project> {
  const { path: folder, remove } = makeFolder();
  mkdirSync(join(folder, 'tmp'));
  const archive = await makeTestArchive([]);
  const served = await serveTestArchive(archive);
  const publish: Project['publish'] = async (listed, suite = {}) => {
    await addSuite(archive, { name: 'trixie', packages: listed, ...suite });
    const { packages: _, ...rest } = suite;
    for (const name of ['trixie-updates', 'trixie-security']) await addSuite(archive, { name, ...rest });
  };
  await publish(packages);
  writeFileSync(join(folder, 'key.gpg'), Buffer.from(archive.key.publicKey.data, 'base64'));
  return {
    folder,
    archive,
    served,
    publish,
    write: (recipe, mirror = served.url) =>
      writeFileSync(join(folder, 'cinzel.build.yaml'), `mirror: ${mirror}\nkeys: [key.gpg]\n${recipe}\n`),
    run: (words, environment = {}) =>
      runProgram(process.execPath, [cli, ...words], {
        cwd: folder,
        env: plainEnvironment(folder, { CINZEL_CACHE_DIR: join(folder, 'cache'), ...environment }),
      }),
    close: async () => {
      await served.close();
      remove();
    },
  };
}

interface StoredDescriptor {
  readonly digest: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A manifest as JSON has it, as far as tests look. */
export interface StoredManifest {
  readonly artifactType?: string;
  readonly subject?: StoredDescriptor;
  readonly config: StoredDescriptor;
  readonly layers: readonly StoredDescriptor[];
  readonly manifests?: readonly StoredDescriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export function readBlob(layout: string, digest: string): Buffer {
  return readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
}

export function readManifest(layout: string, digest: string): StoredManifest {
  return JSON.parse(readBlob(layout, digest).toString('utf8')) as StoredManifest;
}

/** The entries of a layout's index.json. */
export function layoutEntries(layout: string): readonly StoredDescriptor[] {
  return JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests as readonly StoredDescriptor[];
}

/** What refers to a manifest in a layout, as the bytes of its one blob by its type. */
export function referrersIn(layout: string, subject: string): ReadonlyMap<string, Buffer> {
  const manifests = layoutEntries(layout).map(({ digest }) => readManifest(layout, digest));
  return new Map(
    manifests
      .filter((manifest) => manifest.subject?.digest === subject)
      .map((manifest) => [manifest.artifactType ?? '', readBlob(layout, manifest.layers[0]?.digest ?? '')]),
  );
}
