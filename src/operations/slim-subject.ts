import { CinzelError } from '../core/errors.ts';
import { type DirectStart, withStart } from '../distroless/slim/direct-start.ts';
import type { RewrittenHealthcheck } from '../distroless/slim/rewrite-healthcheck.ts';
import type { Image, ImageConfig } from '../image/model.ts';
import type { Inventory } from '../inventory/model.ts';
import { ImageTree } from '../reach/image-tree.ts';
import { inspect } from './inspect.ts';
import { type KnownFindings, knownFindings } from './known-findings.ts';
import { withFilesystem, withReach } from './reach.ts';
import type { SlimOptions } from './slim-options.ts';
import type { Toolbox } from './toolbox.ts';

/** An image that is slimmed, with what is known of it before reach is. */
export interface SlimSubject {
  /** With the start and the healthcheck that the slimmed image has. */
  readonly image: Image;
  /** What a slimmed image is compared with: it starts as it always did. */
  readonly source: ImageConfig;
  readonly inventory: Inventory;
  readonly known: KnownFindings | undefined;
  readonly start: DirectStart | undefined;
  readonly healthcheck: RewrittenHealthcheck | undefined;
}

/** Reads an image that is to be slimmed. Throws `environment.not-found` when it lacks the bytes of a layer. */
export async function readSubject(opened: Image, options: SlimOptions, toolbox: Toolbox): Promise<SlimSubject> {
  requireLayers(opened);
  const { inventory, key } = await inspect(opened, toolbox);
  const known = await knownFindings(inventory, key, toolbox);
  const { image: started, start } = await startedDirectly(opened, options, toolbox);
  const { image, healthcheck } = await withoutTools(started, inventory, toolbox);
  const source = start === undefined ? image.config : withStart(image.config, opened.config);
  return { image, source, inventory, known, start, healthcheck };
}

/** A layer whose bytes are elsewhere would silently be missing. */
function requireLayers({ layers }: Image): void {
  const foreign = layers.find(({ blob }) => blob === undefined);
  if (foreign !== undefined)
    throw new CinzelError('environment.not-found', { what: { kind: 'layer', layer: foreign.index } });
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
