import { existsSync } from 'node:fs';
import type { Digest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import type { ImagePath } from '../core/path.ts';
import type { LayerCompression } from '../distroless/make-layers.ts';
import { type Destination, parseDestination } from '../image/destination.ts';
import { parseManifest } from '../image/manifest.ts';
import type { Image } from '../image/model.ts';
import { type NewImage, writeImage } from '../image/writer/write-image.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Missing, Undecided } from '../reach/model.ts';
import type { Plan, PlanEntry } from '../reach/plan/model.ts';
import { inspect } from './inspect.ts';
import { openDestination } from './open-destination.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import { type ImageReach, withReach } from './reach.ts';
import type { Toolbox } from './toolbox.ts';

export interface SlimOptions {
  /** As `-o` names it; absent makes a plan and no image. */
  readonly destination?: string;
  /** Repository and tag, or a tag; the source's tag with `-slim` without it. */
  readonly tag?: string;
  readonly compression: LayerCompression;
  /** Folders that are the application's besides those that are found. */
  readonly application: readonly string[];
  /** Whether reach alone decides about the application too. */
  readonly strict: boolean;
  /** The user that the slimmed image runs as; the source's without it. */
  readonly user?: string;
}

export interface SlimTotals {
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
}

/** The plan of an image's slimming, and what was made of it. */
export interface SlimReport {
  readonly schemaVersion: 1;
  readonly image: { readonly reference: string; readonly name: string; readonly digest?: string };
  /** Whether the slimmed image was seen to behave as the source does. */
  readonly behaviour: 'not checked';
  /** There is no shell, no package manager and nothing to drop. */
  readonly distroless: boolean;
  /** The image that was written. */
  readonly written?: { readonly digest: Digest; readonly tag: string; readonly layers: number };
  readonly before: SlimTotals;
  readonly after: SlimTotals;
  readonly packages: Plan['packages'];
  readonly entries: Plan['entries'];
  /** What could not be told by reading: the slimmed image may lack what it leads to. */
  readonly undecided: readonly Undecided[];
  readonly missing: readonly Missing[];
  /** Programs that something names and that policy does not keep. */
  readonly notKept: readonly { readonly path: ImagePath; readonly program: string }[];
}

/**
 * Cuts an image to what its application reaches, and writes it unless no destination is given or the image is distroless
 * already. Nothing of the image is executed. Throws `usage.entrypoint` when the image runs nothing.
 */
export async function slim(reference: string, options: SlimOptions, toolbox: Toolbox): Promise<SlimReport> {
  const destination = options.destination === undefined ? undefined : parseDestination(options.destination);
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'an SBOM has no files' });
  const { image } = opened;
  try {
    requireLayers(image);
    const { inventory } = await inspect(image, toolbox);
    const use = async (reach: ImageReach): Promise<SlimReport> => {
      const plan = await planOf(image, inventory, reach, options, toolbox);
      const report = reportOf(image, inventory, reach, plan);
      if (destination === undefined || report.distroless) return report;
      const made = await makeImage(image, plan, reach, options, toolbox);
      return { ...report, written: await write(made, image, { ...options, destination }, toolbox) };
    };
    const choices = { wholeApplication: !options.strict, added: options.application };
    return await withReach(image, inventory, toolbox, use, choices);
  } finally {
    await image.close();
  }
}

async function planOf(
  { config }: Image,
  { packages }: Inventory,
  { graph, filesystem, application, files }: ImageReach,
  { strict }: SlimOptions,
  { context }: Toolbox,
): Promise<Plan> {
  const [{ makePlan }, { ImageTree }] = await Promise.all([
    import('../reach/plan/make-plan.ts'),
    import('../reach/image-tree.ts'),
  ]);
  const tree = new ImageTree(filesystem, context.limits.linkHops);
  return makePlan({ graph, filesystem, tree, config, application, strict, packages, files });
}

function reportOf(
  { reference, name, digest }: Image,
  { surface }: Inventory,
  { graph }: ImageReach,
  plan: Plan,
): SlimReport {
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const bare = surface.shells.length === 0 && surface.packageManagers.length === 0;
  const { undecided, missing, notKept } = graph;
  const before = totals(plan.entries);
  const after = totals(kept);
  return {
    schemaVersion: 1,
    image: { reference, name, ...(digest === undefined ? {} : { digest }) },
    behaviour: 'not checked',
    distroless: bare && (hasSingleRecords(plan) || after.files === before.files),
    before: { packages: plan.packages.length, ...before },
    after: { packages: plan.packages.filter(({ fate }) => fate !== 'dropped').length, ...after },
    ...plan,
    undecided,
    missing,
    notKept,
  };
}

/** Images without a package manager keep a record a package. */
function hasSingleRecords({ entries }: Plan): boolean {
  return entries.some(({ path }) => path.startsWith('/var/lib/dpkg/status.d/'));
}

function isFile({ type }: PlanEntry): boolean {
  return type === 'file' || type === 'hardlink';
}

function totals(entries: readonly PlanEntry[]): Omit<SlimTotals, 'packages'> {
  const files = entries.filter(isFile);
  return { files: files.length, bytes: files.reduce((sum, { type, size }) => sum + (type === 'file' ? size : 0), 0) };
}

/** A layer whose bytes are elsewhere would silently be missing. */
function requireLayers({ layers }: Image): void {
  const foreign = layers.find(({ blob }) => blob === undefined);
  if (foreign !== undefined) throw new CinzelError('environment.not-found', { what: `Layer ${foreign.index}` });
}

async function makeImage(
  image: Image,
  plan: Plan,
  { filesystem }: ImageReach,
  { compression, user }: SlimOptions,
  toolbox: Toolbox,
): Promise<NewImage> {
  const [{ slimLayers }, { slimConfig }, { makeLayers }] = await Promise.all([
    import('../distroless/slim/slim-layers.ts'),
    import('../distroless/slim/slim-config.ts'),
    import('../distroless/make-layers.ts'),
  ]);
  const plans = await slimLayers(plan, { filesystem, context: toolbox.context });
  const made = await makeLayers(plans, { compression, cache: await toolbox.cache() });
  const layers = made.map(({ diffId }, index) => ({ diffId, createdBy: plans[index]?.createdBy ?? '' }));
  const config = slimConfig({
    source: image.rawConfig,
    platform: image.platform,
    layers,
    ...(user === undefined ? {} : { user }),
  });
  return { config, layers: made.map(({ layer }) => layer) };
}

interface Writing {
  readonly destination: Destination;
  readonly tag?: string;
}

async function write(
  made: NewImage,
  image: Image,
  { destination, tag: given }: Writing,
  toolbox: Toolbox,
): Promise<NonNullable<SlimReport['written']>> {
  const tag = given ?? tagOf(destination) ?? `${splitName(image.name).tag}-slim`;
  const sink = await openDestination(destination, { imageName: given ?? slimName(image.name) }, toolbox);
  try {
    const { descriptor, bytes } = await writeImage(sink, made, tag);
    await sink.commit();
    const digest = sink.holds === 'manifests' ? descriptor.digest : parseManifest(bytes, 'The manifest').config.digest;
    return { digest, tag, layers: made.layers.length };
  } finally {
    await sink.close();
  }
}

/** The tag that the destination itself names. */
function tagOf(destination: Destination): string | undefined {
  if (destination.kind === 'oci' || destination.kind === 'oci-archive') return destination.tag;
  return destination.kind === 'registry' ? destination.name.tag : undefined;
}

/** The name for engines and their archives; a file's own name is none. */
function slimName(name: string): string {
  const { repository, tag } = splitName(name);
  return `${existsSync(repository) || existsSync(name) ? 'image' : repository}:${tag}-slim`;
}

function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const [, repository = name, tag = 'latest'] = /^(.*):(\w[\w.-]{0,127})$/.exec(name.replace(/@.*$/, '')) ?? [];
  return { repository, tag };
}
