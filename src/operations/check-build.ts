import type { Report } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { type Architecture, findArchitecture, knownArchitecture, platformOf } from '../distroless/architectures.ts';
import type { BaseImage } from '../distroless/base/model.ts';
import { readBuildRecord } from '../distroless/build-record.ts';
import { type BuildDifference, compareConfigs, compareFiles } from '../distroless/compare-build.ts';
import { lockMisfits } from '../distroless/lock/fits.ts';
import { lockInputs } from '../distroless/lock/inputs.ts';
import type { Lock } from '../distroless/lock/model.ts';
import { compileRecipe } from '../distroless/recipe/compile.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { openLayerSpool } from '../filesystem/layer-spool.ts';
import { parseManifest } from '../image/manifest.ts';
import type { Image } from '../image/model.ts';
import { imageManifest } from '../image/transfer-manifest.ts';
import { reproducibleGzip } from '../image/writer/reproducible-gzip.ts';
import { layerOfBytes } from '../image/writer/write-image.ts';
import { type BuiltImage, buildImage } from './build-image.ts';
import { readImageLayers } from './inspect.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import type { Toolbox } from './toolbox.ts';
import { type Bases, withBases } from './with-bases.ts';

export interface CheckOptions {
  /** The image, as a reference. */
  readonly image: string;
  /** The recipe that it should be of; the one that the image records without it. */
  readonly recipe?: Recipe;
  /** Of an image of several, which; that of this machine without it. */
  readonly architecture?: string;
  /** Where files of the project are, for a recipe that the image records. */
  readonly folder: string;
  readonly report: Report;
}

export interface CheckResult {
  readonly name: string;
  readonly packages: number;
  readonly differences: readonly BuildDifference[];
}

/**
 * Builds an image again from the lock that it holds and tells what differs, down to the file. Throws `untrusted.*` for an
 * image that holds no lock.
 */
export async function checkBuild(options: CheckOptions, toolbox: Toolbox): Promise<CheckResult> {
  const { architecture: named } = options;
  const platform = named === undefined ? wantedPlatform(toolbox) : platformOf(knownArchitecture(named));
  const opened = await openReference(options.image, toolbox, { platform });
  if (opened.kind === 'sbom') {
    throw new CinzelError('usage.reference', { reference: options.image, problem: 'sbom-without-files' });
  }
  const { image } = opened;
  try {
    const record = readBuildRecord(image.rawConfig ?? new Uint8Array(), image.name, options.folder);
    const architecture = architectureOf(image);
    const wanted = options.recipe ?? compileRecipe(image.name, record.parts);
    const check = (recipe: Recipe, bases: Bases): Promise<CheckResult> =>
      checkOn(bases, { ...options, recipe, image, lock: record.lock, architecture }, toolbox);
    return await withBases(wanted, toolbox, check, [architecture]);
  } finally {
    await image.close();
  }
}

interface Checked {
  readonly recipe: Recipe;
  readonly image: Image;
  readonly lock: Lock;
  readonly architecture: Architecture;
  readonly report: Report;
}

async function checkOn(
  bases: Bases,
  { recipe, image, lock, architecture, report }: Checked,
  toolbox: Toolbox,
): Promise<CheckResult> {
  const misfits = recipeMisfits(recipe, lock, { architecture, bases });
  if (misfits.length > 0) {
    const differences = misfits.map((text): BuildDifference => ({ kind: 'recipe', text }));
    return { name: image.name, packages: 0, differences };
  }
  const base = bases.get(architecture.name);
  const compression = isCompressed(image, base) ? 'gzip' : 'none';
  const given = { architecture, compression, report, ...(base === undefined ? {} : { base }) } as const;
  const built = await buildImage(recipe, lock, given, toolbox);
  const found = await differences(image, built, base, toolbox);
  return { name: image.name, packages: built.packages, differences: found };
}

function architectureOf({ platform, name }: Image): Architecture {
  const found = findArchitecture(platform.architecture);
  if (found !== undefined) return found;
  throw new CinzelError('untrusted.unsupported', { what: `${name}: ${platform.architecture}` });
}

function recipeMisfits(
  recipe: Recipe,
  lock: Lock,
  { architecture, bases }: { readonly architecture: Architecture; readonly bases: Bases },
): readonly string[] {
  return lockMisfits(lock, {
    inputs: lockInputs(recipe),
    encoder: reproducibleGzip,
    architectures: [architecture],
    bases,
  });
}

/** Whether the layers that were made are: those of an image below are as they were. */
function isCompressed({ layers }: Image, base: BaseImage | undefined): boolean {
  return layers.slice(base?.layers.length ?? 0).some(({ mediaType }) => /[+.]gzip$/.test(mediaType));
}

async function differences(
  image: Image,
  built: BuiltImage,
  base: BaseImage | undefined,
  toolbox: Toolbox,
): Promise<readonly BuildDifference[]> {
  const config = compareConfigs(image.rawConfig ?? new Uint8Array(), built.image.config);
  const own = image.layers.map(({ diffId }) => diffId);
  const isSame = own.join() === built.diffIds.join();
  const found = [...config, ...(isSame ? [] : await fileDifferences(image, built, base, toolbox))];
  if (found.length > 0 || image.rawManifest === undefined) return found;
  return manifestDifferences(image, image.rawManifest, built);
}

async function fileDifferences(
  image: Image,
  { plans }: BuiltImage,
  base: BaseImage | undefined,
  toolbox: Toolbox,
): Promise<readonly BuildDifference[]> {
  const below = base?.diffIds ?? [];
  if (below.some((diffId, index) => image.layers[index]?.diffId !== diffId)) return [{ kind: 'layers' }];
  const spool = openLayerSpool(image.layers, await toolbox.cache(), toolbox.context);
  try {
    const { filesystem } = await readImageLayers(image, toolbox, spool);
    const found = await compareFiles(filesystem, plans, below.length);
    // The same files in other layers, or in another order, are another image all the same.
    return found.length === 0 ? [{ kind: 'layers' }] : found;
  } finally {
    await spool.close();
  }
}

/** What is left when files and configuration are the same: annotations, and how layers are stored. */
function manifestDifferences(image: Image, bytes: Uint8Array, { image: made }: BuiltImage): readonly BuildDifference[] {
  const { annotations, layers } = made;
  const manifest = imageManifest({
    config: layerOfBytes(made.config, 'application/vnd.oci.image.config.v1+json').descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(annotations === undefined ? {} : { annotations }),
  });
  if (manifest.descriptor.digest === sha256(bytes)) return [];
  const stored = parseManifest(bytes, image.name);
  const same = JSON.stringify(stored.annotations ?? {}) === JSON.stringify(annotations ?? {});
  return [{ kind: same ? 'stored' : 'annotations' }];
}
