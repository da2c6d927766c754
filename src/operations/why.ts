import { CinzelError } from '../core/errors.ts';
import { type ImagePath, normalizePath } from '../core/path.ts';
import type { Image } from '../image/model.ts';
import type { Inventory, Package } from '../inventory/model.ts';
import type { EdgeKind, Reason } from '../reach/model.ts';
import { chainTo, tiesTo } from '../reach/why.ts';
import { inspect } from './inspect.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import { type ImageReach, withReach } from './reach.ts';
import type { Toolbox } from './toolbox.ts';

export interface WhyStep {
  readonly path: ImagePath;
  readonly kind: EdgeKind;
  readonly detail?: string;
  /** Symbolic links on the way to it. */
  readonly via?: readonly ImagePath[];
}

/** Why one path or package is reached, or that it is not. */
export interface WhyAnswer {
  /** What was asked about: a path of the image or a package id. */
  readonly subject: string;
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly reason: string;
  /** From the entrypoint to the path, or to a file of the package. */
  readonly chain?: readonly WhyStep[];
  /** What needs it directly. */
  readonly neededBy?: readonly { readonly path?: ImagePath; readonly kind: EdgeKind; readonly detail?: string }[];
  /** Without any one of these it would not be reached. */
  readonly ties?: readonly ImagePath[];
}

export interface Why {
  readonly schemaVersion: 1;
  readonly image: { readonly reference: string; readonly name: string; readonly digest?: string };
  readonly target: { readonly kind: 'path' | 'package' | 'vulnerability'; readonly name: string };
  readonly answers: readonly WhyAnswer[];
}

/**
 * Tells why an image's entrypoint needs a path, a package or the packages of a vulnerability. Throws
 * `environment.not-found` when the image has no such thing.
 */
export async function why(reference: string, target: string, toolbox: Toolbox): Promise<Why> {
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'sbom-without-files' });
  const { image } = opened;
  try {
    const { inventory } = await inspect(image, toolbox);
    const kind = kindOf(target);
    const wanted = kind === 'path' ? [] : await packagesOf(target, kind, reference, inventory, toolbox);
    const answers = await withReach(image, inventory, toolbox, async (reach) =>
      kind === 'path' ? [pathAnswer(target, reach)] : wanted.map((one) => packageAnswer(one, reach)),
    );
    return { schemaVersion: 1, image: nameOf(image), target: { kind, name: target }, answers };
  } finally {
    await image.close();
  }
}

function kindOf(target: string): Why['target']['kind'] {
  if (target.startsWith('/')) return 'path';
  return /^(?:CVE-\d|GHSA-|DSA-|DLA-|ALPINE-|UBUNTU-|PYSEC-|GO-\d|RUSTSEC-|OSV-|MAL-)/i.test(target)
    ? 'vulnerability'
    : 'package';
}

function nameOf({ reference, name, digest }: Image): Why['image'] {
  return { reference, name, ...(digest === undefined ? {} : { digest }) };
}

async function packagesOf(
  target: string,
  kind: 'package' | 'vulnerability',
  reference: string,
  inventory: Inventory,
  toolbox: Toolbox,
): Promise<readonly Package[]> {
  const found =
    kind === 'vulnerability'
      ? await affectedPackages(target, reference, toolbox)
      : inventory.packages.filter(({ id, name, purl }) => [id, name, purl].includes(target));
  if (found.length === 0)
    throw new CinzelError('environment.not-found', { what: { kind: 'inside', name: target, of: reference } });
  return found;
}

async function affectedPackages(id: string, reference: string, toolbox: Toolbox): Promise<readonly Package[]> {
  const { scan } = await import('./scan.ts');
  const { findings = [], packages } = await scan(reference, toolbox);
  const wanted = id.toUpperCase();
  const affected = new Set(
    findings
      .filter((finding) => [finding.id, ...finding.aliases].some((known) => known.toUpperCase() === wanted))
      .map(({ packageId }) => packageId),
  );
  return packages.filter((one) => affected.has(one.id));
}

function pathAnswer(target: string, { graph, filesystem }: ImageReach): WhyAnswer {
  const path = normalizePath(target);
  // The path as it is written may itself be a link; what it leads to through linked folders is meant otherwise.
  const real = path === undefined ? undefined : (filesystem.get(path)?.path ?? filesystem.resolve(path)?.path);
  if (real === undefined) throw new CinzelError('environment.not-found', { what: target });
  if (graph.nodes.has(real)) return reached(real, real, `the entrypoint reaches ${real}`, { graph });
  const [inside] = [...graph.nodes.keys()].filter((one) => one.startsWith(`${real}/`));
  if (inside !== undefined) return reached(real, inside, `the entrypoint reaches ${inside}`, { graph });
  return { subject: real, answer: 'no', reason: 'nothing that the entrypoint reaches needs it' };
}

function packageAnswer({ id }: Package, { graph, answers }: ImageReach): WhyAnswer {
  const { answer, reason, chain } = answers.get(id) ?? { answer: 'unknown', reason: 'not computed' };
  const last = chain?.at(-1);
  return last === undefined ? { subject: id, answer, reason } : reached(id, last, reason, { graph });
}

function reached(subject: string, path: ImagePath, reason: string, { graph }: Pick<ImageReach, 'graph'>): WhyAnswer {
  const node = graph.nodes.get(path);
  if (node === undefined) return { subject, answer: 'unknown', reason };
  return {
    subject,
    answer: 'yes',
    reason,
    chain: chainTo(graph, node).map((step) => ({ path: step.path, ...wordsOf(step.reason) })),
    neededBy: node.reasons.map((one) => ({ ...(one.from === undefined ? {} : { path: one.from }), ...wordsOf(one) })),
    ties: tiesTo(graph, node),
  };
}

function wordsOf({ kind, detail, via }: Reason): Omit<WhyStep, 'path'> {
  return { kind, ...(detail === undefined ? {} : { detail }), ...(via === undefined ? {} : { via }) };
}
