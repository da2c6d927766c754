import type { Diagnostic } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import { isCinzelError } from '../core/errors.ts';
import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { Image } from '../image/model.ts';
import { catalogerVersions } from '../inventory/catalogers/versions.ts';
import type { Inventory, OwnedFile } from '../inventory/model.ts';
import { isDistributionType } from '../inventory/package-id.ts';
import type { PackageReach } from '../reach/answers.ts';
import type { Application } from '../reach/application.ts';
import type { ReachGraph } from '../reach/model.ts';
import type { SeenPath } from '../reach/reach.ts';
import { readImageLayers } from './inspect.ts';
import type { Toolbox } from './toolbox.ts';

/** What an image's entrypoint needs, and what that says about its packages. */
export interface ImageReach {
  readonly graph: ReachGraph;
  /** By package id. */
  readonly answers: ReadonlyMap<string, PackageReach>;
  /** Files by package id. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
  readonly application: Application;
  readonly filesystem: Filesystem;
}

export interface ReachChoices {
  /** Whether what each file of the application needs is found too. */
  readonly wholeApplication?: boolean;
  /** Paths that are the application's besides what is found. */
  readonly added?: readonly string[];
  /** What was seen to be used when the image ran. */
  readonly seen?: readonly SeenPath[];
}

/** Gives an image's files to `use` while their content can be read, each compressed layer of it once. */
export async function withFilesystem<Result>(
  image: Image,
  toolbox: Toolbox,
  use: (filesystem: Filesystem) => Promise<Result>,
): Promise<Result> {
  const { openLayerSpool } = await import('../filesystem/layer-spool.ts');
  const spool = openLayerSpool(image.layers, await toolbox.cache(), toolbox.context);
  try {
    return await use((await readImageLayers(image, toolbox, spool)).filesystem);
  } finally {
    await spool.close();
  }
}

/**
 * Computes the reach of an image and gives it to `use` while its content can still be read. What it says about packages
 * is cached under layers and configuration.
 */
export async function withReach<Result>(
  image: Image,
  inventory: Inventory,
  toolbox: Toolbox,
  use: (reach: ImageReach) => Promise<Result>,
  options: ReachChoices = {},
): Promise<Result> {
  const [{ computeReach }, { packageAnswers }] = await Promise.all([
    import('../reach/reach.ts'),
    import('../reach/answers.ts'),
  ]);
  const { context, configuration } = toolbox;
  const cache = await toolbox.cache();
  return withFilesystem(image, toolbox, async (filesystem) => {
    const files = await inventory.files();
    const owned = new Set<ImagePath>();
    const packaged = new Set<ImagePath>();
    for (const { id, type } of inventory.packages) {
      const isDistribution = isDistributionType(type);
      for (const { path } of files.get(id) ?? []) {
        packaged.add(path);
        if (isDistribution) owned.add(path);
      }
    }
    const { graph, application } = await computeReach({
      config: image.config,
      filesystem,
      keep: configuration.get('keep') ?? [],
      isOwned: (path) => owned.has(path),
      isPackaged: (path) => packaged.has(path),
      wholeApplication: options.wholeApplication ?? false,
      added: options.added ?? [],
      seen: options.seen ?? [],
      context,
    });
    const answers = packageAnswers(graph, inventory.packages, files);
    // What a run showed is no answer for who only reads.
    const key = options.seen?.length ? undefined : await reachKey(image, toolbox);
    if (key !== undefined) await cache.put(key, encodeAnswers(answers));
    return use({ graph, application, answers, files, filesystem });
  });
}

/** What reach says about packages, and what it could not tell. An image that runs nothing has none: that is said. */
export async function reachAnswers(
  image: Image,
  inventory: Inventory,
  toolbox: Toolbox,
): Promise<{ readonly answers?: ReadonlyMap<string, PackageReach>; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    return await withReach(image, inventory, toolbox, async ({ answers, graph }) => ({
      answers,
      diagnostics: diagnosticsOf(graph),
    }));
  } catch (error) {
    if (!isCinzelError(error, 'usage.entrypoint', 'environment.not-found')) throw error;
    const problem = error.code === 'usage.entrypoint' ? 'runs-nothing' : 'runs-missing';
    return { diagnostics: [{ code: 'reach.impossible', severity: 'warning', parameters: { problem } }] };
  }
}

function diagnosticsOf({ undecided, missing }: ReachGraph): readonly Diagnostic[] {
  return [
    ...undecided.map(
      ({ path, problem, detail }): Diagnostic => ({
        code: 'reach.undecided',
        severity: 'info',
        parameters: { problem, detail },
        path,
      }),
    ),
    ...missing.map(
      ({ path, from }): Diagnostic => ({
        code: 'reach.missing',
        severity: 'info',
        parameters: { what: path },
        ...(from === undefined ? {} : { path: from }),
      }),
    ),
  ];
}

/** What an earlier run found out about the packages of the same layers and configuration. */
export async function knownAnswers(
  image: Image,
  toolbox: Toolbox,
): Promise<ReadonlyMap<string, PackageReach> | undefined> {
  const key = await reachKey(image, toolbox);
  const bytes = key === undefined ? undefined : await (await toolbox.cache()).get(key);
  return bytes && decodeAnswers(bytes);
}

async function reachKey({ layers, config }: Image, { configuration }: Toolbox): Promise<string | undefined> {
  const diffIds = layers.flatMap(({ diffId }) => diffId ?? []);
  if (diffIds.length < layers.length || layers.length === 0) return undefined;
  const { reachVersions } = await import('../reach/versions.ts');
  const given = JSON.stringify([diffIds, config, configuration.get('keep') ?? []]);
  return `reach/${reachVersions}/${catalogerVersions}/${sha256(given)}`;
}

function encodeAnswers(answers: ReadonlyMap<string, PackageReach>): Uint8Array {
  return Buffer.from(JSON.stringify([...answers]));
}

function decodeAnswers(bytes: Uint8Array): ReadonlyMap<string, PackageReach> {
  return new Map(JSON.parse(Buffer.from(bytes).toString('utf8')) as readonly (readonly [string, PackageReach])[]);
}
