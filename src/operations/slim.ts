import { existsSync } from 'node:fs';
import { CinzelError } from '../core/errors.ts';
import { strengthOf } from '../distroless/contract/strength.ts';
import type { LayerFile } from '../distroless/files.ts';
import type { LayerCompression } from '../distroless/make-layers.ts';
import type { ProfileKind } from '../distroless/profiles/kinds.ts';
import { type DirectStart, withStart } from '../distroless/slim/direct-start.ts';
import type { RewrittenHealthcheck } from '../distroless/slim/rewrite-healthcheck.ts';
import { type Destination, parseDestination } from '../image/destination.ts';
import { parseManifest } from '../image/manifest.ts';
import type { Image } from '../image/model.ts';
import type { NewImage } from '../image/writer/write-image.ts';
import { writeImages } from '../image/writer/write-images.ts';
import type { Inventory } from '../inventory/model.ts';
import { ImageTree } from '../reach/image-tree.ts';
import type { Plan } from '../reach/plan/model.ts';
import type { SeenPath } from '../reach/reach.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import type { ImageDocument } from './attach-documents.ts';
import { inspect } from './inspect.ts';
import { knownFindings } from './known-findings.ts';
import type { MadeImage } from './new-image-sboms.ts';
import { openDestination, writtenName } from './open-destination.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import {
  droppedPaths,
  openProver,
  type ProofOptions,
  type Prover,
  readTraceFiles,
  usedPaths,
} from './prove-behaviour.ts';
import { openSigning, proveImages } from './prove-images.ts';
import { type ImageReach, withFilesystem, withReach } from './reach.ts';
import type { Signing } from './sign-image.ts';
import { type SlimReport, type SlimUser, slimReport } from './slim-report.ts';
import type { Toolbox } from './toolbox.ts';

/** So often what a slimmed image lacks is added and it is tried again. */
const mostRepairs = 5;

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
  /**
   * The user that the slimmed image runs as, the source's without it: `nonroot` is 65532, who is made; `auto` is the same
   * where nothing that was read needs root, and the source's where something does.
   */
  readonly user?: string;
  /** Whether SBOMs, provenance and VEX are attached where the destination has a place for them; yes without it. */
  readonly documents?: boolean;
  /** Runs the source and the slimmed image and compares them; nothing is run without. */
  readonly proof?: ProofOptions;
  /** Whether files that the source is seen to use while the contract is played are kept too. */
  readonly trace?: boolean;
  /** Files with traces of earlier runs. */
  readonly traceFiles?: readonly string[];
  /** Whether an image that behaves otherwise is written all the same. */
  readonly writeAnyway?: boolean;
  /** Documents that confine the slimmed image, to be in the report. Those that only a run can tell need `trace`. */
  readonly profiles?: readonly ProfileKind[];
  /** Whether the image keeps an entrypoint that only hands on to the command that it comes down to. */
  readonly keepEntrypoint?: boolean;
  /** File of the private key that signs the image and its documents. */
  readonly sign?: string;
}

/**
 * Cuts an image to what its application reaches, and writes it unless no destination is given or the image is distroless
 * already. Nothing of the image is executed unless a proof is asked for. Throws `usage.entrypoint` when the image runs nothing.
 */
export async function slim(reference: string, options: SlimOptions, toolbox: Toolbox): Promise<SlimReport> {
  const { profiles = [] } = options;
  const destination = options.destination === undefined ? undefined : parseDestination(options.destination);
  const signing =
    options.sign === undefined || destination === undefined
      ? undefined
      : await openSigning(options.sign, destination, toolbox);
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'an SBOM has no files' });
  let prover: Prover | undefined;
  try {
    requireLayers(opened.image);
    const { inventory, key } = await inspect(opened.image, toolbox);
    const known = await knownFindings(inventory, key, toolbox);
    const { image: started, start } = await startedDirectly(opened.image, options, toolbox);
    const { image, healthcheck } = await withoutTools(started, inventory, toolbox);
    // What the slimmed image is compared with starts as it always did.
    const source = start === undefined ? image.config : withStart(image.config, opened.image.config);
    const seen = [...(await readTraceFiles(options.traceFiles ?? []))];
    prover = options.proof === undefined ? undefined : await openProver(options.proof, toolbox);
    const repairs: SeenPath[] = [];
    let attempts = 0;
    let traced = false;
    /** A report, or nothing when more is to be kept. */
    const use = async (reach: ImageReach): Promise<SlimReport | undefined> => {
      const plan = await planOf(image, inventory, reach, options, toolbox);
      const user = await userOf(image, plan, reach, options);
      const planned = slimReport({ image, inventory, reach, plan, user, start, healthcheck, known });
      const { filesystem } = reach;
      const confined = async (report: SlimReport, trace?: Trace): Promise<SlimReport> => {
        if (profiles.length === 0) return report;
        const { makeProfiles } = await import('./make-profiles.ts');
        const name = options.tag ?? slimName(image.name);
        return { ...report, profiles: await makeProfiles(profiles, { name, image, plan, user, filesystem, trace }) };
      };
      const traces = options.trace === true;
      if (planned.distroless && profiles.length > 0 && traces) {
        return confined(planned, (await prover?.record(filesystem, source, traces))?.trace);
      }
      if ((destination === undefined && prover === undefined) || planned.distroless) return confined(planned);
      const { made, files } = await makeImage({ image, plan, reach, options, report: planned }, toolbox);
      let report = await confined(planned);
      if (prover !== undefined) {
        const { config } = image;
        const slimConfig = { ...config, ...(user.name === undefined ? {} : { user: user.name }) };
        const recorded = await prover.record(filesystem, source, traces);
        if (recorded.trace !== undefined && !traced) {
          traced = true;
          const used = droppedPaths(usedPaths(recorded.trace), { filesystem, plan, context: toolbox.context });
          seen.push(...used);
          if (used.length > 0) return undefined;
        }
        const differences = await prover.check(files, slimConfig);
        if (differences.length > 0 && attempts < mostRepairs) {
          attempts++;
          const lacking = await prover.lacks(files, { filesystem, config: source, slimConfig, plan });
          seen.push(...lacking);
          repairs.push(...lacking);
          if (lacking.length > 0) return undefined;
        }
        const { answers, derived, dropped } = recorded;
        const contract = { strength: strengthOf(answers, derived), derived, differences, dropped, repairs };
        const proven = await confined(planned, recorded.trace);
        report = { ...proven, behaviour: differences.length === 0 ? 'equal' : 'different', contract };
        if (differences.length > 0 && options.writeAnyway !== true) return report;
      }
      if (destination === undefined) return report;
      const writing = { made, image, inventory, report, options, destination, signing };
      return { ...report, written: await write(writing, toolbox) };
    };
    for (;;) {
      const choices = { wholeApplication: !options.strict, added: options.application, seen };
      const report = await withReach(image, inventory, toolbox, use, choices);
      if (report !== undefined) return report;
    }
  } finally {
    await prover?.close();
    await opened.image.close();
  }
}

/** The image with the command that its entrypoint comes down to, if a shell or a package manager only starts that. */
async function startedDirectly(
  image: Image,
  { keepEntrypoint = false }: SlimOptions,
  toolbox: Toolbox,
): Promise<{ readonly image: Image; readonly start: DirectStart | undefined }> {
  const { directStart } = await import('../distroless/slim/direct-start.ts');
  const start = keepEntrypoint
    ? undefined
    : await withFilesystem(image, toolbox, async (filesystem) =>
        directStart(image.config, new ImageTree(filesystem, toolbox.context.limits.linkHops)),
      );
  return start === undefined
    ? { image, start }
    : { image: { ...image, config: withStart(image.config, start.becomes) }, start };
}

/** The image with a healthcheck that asks by what it needs anyway, if it asks by a tool for what that can ask too. */
async function withoutTools(
  image: Image,
  inventory: Inventory,
  toolbox: Toolbox,
): Promise<{ readonly image: Image; readonly healthcheck: RewrittenHealthcheck | undefined }> {
  const { isRewritable, rewriteHealthcheck } = await import('../distroless/slim/rewrite-healthcheck.ts');
  if (!isRewritable(image.config)) return { image, healthcheck: undefined };
  const silent = { ...image, config: { ...image.config, healthcheck: { test: ['NONE'] } } };
  const healthcheck = await withReach(silent, inventory, toolbox, async ({ graph, filesystem }) =>
    rewriteHealthcheck(image.config, graph, new ImageTree(filesystem, toolbox.context.limits.linkHops)),
  );
  if (healthcheck === undefined) return { image, healthcheck };
  return { image: { ...image, config: { ...image.config, healthcheck: { test: healthcheck.to } } }, healthcheck };
}

async function planOf(
  { config }: Image,
  { packages }: Inventory,
  { graph, filesystem, application, files }: ImageReach,
  { strict }: SlimOptions,
  { context }: Toolbox,
): Promise<Plan> {
  const { makePlan } = await import('../reach/plan/make-plan.ts');
  const tree = new ImageTree(filesystem, context.limits.linkHops);
  return makePlan({ graph, filesystem, tree, config, application, strict, packages, files });
}

async function userOf(
  { config }: Image,
  plan: Plan,
  { filesystem }: ImageReach,
  { user }: SlimOptions,
): Promise<SlimUser> {
  const [{ isRoot, rootNeeds }, { nonrootId }] = await Promise.all([
    import('../distroless/slim/nonroot.ts'),
    import('../distroless/slim/nonroot-account.ts'),
  ]);
  const needs = isRoot(config.user) ? rootNeeds({ config, plan, filesystem }) : [];
  const becomes = user === 'auto' ? isRoot(config.user) && needs.length === 0 : user === 'nonroot';
  const name = becomes ? String(nonrootId) : user === undefined || user === 'auto' ? config.user : user;
  return { ...(name === undefined || name === '' ? {} : { name }), root: isRoot(name), needs };
}

/** A layer whose bytes are elsewhere would silently be missing. */
function requireLayers({ layers }: Image): void {
  const foreign = layers.find(({ blob }) => blob === undefined);
  if (foreign !== undefined) throw new CinzelError('environment.not-found', { what: `Layer ${foreign.index}` });
}

interface Making {
  readonly image: Image;
  readonly plan: Plan;
  readonly reach: ImageReach;
  readonly options: SlimOptions;
  readonly report: SlimReport;
}

async function makeImage(
  { image, plan, reach: { filesystem }, options: { compression }, report: { user, start, healthcheck } }: Making,
  toolbox: Toolbox,
): Promise<{ readonly made: NewImage; readonly files: readonly LayerFile[] }> {
  const [{ slimLayers }, { slimConfig }, { makeLayers }, { nonrootAccount, nonrootId }] = await Promise.all([
    import('../distroless/slim/slim-layers.ts'),
    import('../distroless/slim/slim-config.ts'),
    import('../distroless/make-layers.ts'),
    import('../distroless/slim/nonroot-account.ts'),
  ]);
  const account = user.name === String(nonrootId) ? await nonrootAccount(filesystem) : undefined;
  const plans = await slimLayers(plan, {
    filesystem,
    context: toolbox.context,
    ...(account === undefined ? {} : { account }),
  });
  const made = await makeLayers(plans, { compression, cache: await toolbox.cache() });
  const layers = made.map(({ diffId }, index) => ({ diffId, createdBy: plans[index]?.createdBy ?? '' }));
  const config = slimConfig({
    source: image.rawConfig,
    platform: image.platform,
    layers,
    ...(user.name === undefined ? {} : { user: user.name }),
    ...(start === undefined ? {} : { start: start.becomes }),
    ...(healthcheck === undefined ? {} : { healthcheck: healthcheck.to }),
  });
  const files = plans.flatMap(({ groups }) => groups.flatMap((group) => group.files));
  return { made: { config, layers: made.map(({ layer }) => layer) }, files };
}

interface Writing {
  readonly made: NewImage;
  readonly image: Image;
  readonly inventory: Inventory;
  readonly report: SlimReport;
  readonly options: SlimOptions;
  readonly destination: Destination;
  readonly signing: Signing | undefined;
}

async function write(writing: Writing, toolbox: Toolbox): Promise<NonNullable<SlimReport['written']>> {
  const { made, image, options, destination, signing } = writing;
  const tag = options.tag ?? tagOf(destination) ?? `${splitName(image.name).tag}-slim`;
  const imageName = options.tag ?? slimName(image.name);
  const called = writtenName(destination, { name: imageName, tag });
  const sink = await openDestination(destination, { imageName }, toolbox);
  try {
    const written = await writeImages(sink, [made], tag);
    const [manifest] = written.manifests;
    await proveImages(sink, written, {
      name: called.name,
      documents: async () =>
        options.documents === false || manifest === undefined
          ? []
          : documentsOf({ ...called, image: made, manifest }, writing, toolbox),
      ...(signing === undefined ? {} : { signing }),
    });
    await sink.commit();
    const { descriptor, bytes } = written.tagged;
    const digest = sink.holds === 'manifests' ? descriptor.digest : parseManifest(bytes, 'The manifest').config.digest;
    return { digest, tag, layers: made.layers.length };
  } finally {
    await sink.close();
  }
}

async function documentsOf(
  made: MadeImage,
  { image, inventory, report, options }: Writing,
  toolbox: Toolbox,
): Promise<readonly ImageDocument[]> {
  const { documentSlim } = await import('./document-slim.ts');
  const { application, strict, user, compression } = options;
  const sourceDigest = image.digest ?? image.id;
  return documentSlim(
    {
      made,
      ...(isFileName(image.name) ? {} : { source: image.name }),
      ...(sourceDigest === undefined ? {} : { sourceDigest }),
      compression,
      choices: {
        application,
        strict,
        keep: toolbox.configuration.get('keep') ?? [],
        ...(user === undefined ? {} : { user }),
      },
      created: image.created ?? '1970-01-01T00:00:00Z',
      codeGone: report.vulnerabilities?.codeGone ?? [],
      packages: inventory.packages,
    },
    toolbox,
  );
}

/** The tag that the destination itself names. */
function tagOf(destination: Destination): string | undefined {
  if (destination.kind === 'oci' || destination.kind === 'oci-archive') return destination.tag;
  return destination.kind === 'registry' ? destination.name.tag : undefined;
}

/** The name for engines and their archives; a file's own name is none. */
function slimName(name: string): string {
  const { repository, tag } = splitName(name);
  return `${isFileName(name) ? 'image' : repository}:${tag}-slim`;
}

function isFileName(name: string): boolean {
  return existsSync(splitName(name).repository) || existsSync(name);
}

function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const [, repository = name, tag = 'latest'] = /^(.*):(\w[\w.-]{0,127})$/.exec(name.replace(/@.*$/, '')) ?? [];
  return { repository, tag };
}
