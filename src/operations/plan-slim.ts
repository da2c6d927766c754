import { CinzelError } from '../core/errors.ts';
import type { Image } from '../image/model.ts';
import { ImageTree } from '../reach/image-tree.ts';
import type { Plan } from '../reach/plan/model.ts';
import type { ImageReach } from './reach.ts';
import type { SlimOptions } from './slim-options.ts';
import { type SlimReport, type SlimUser, slimReport } from './slim-report.ts';
import type { SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';

/** What is to become of an image, before anything is made of it. */
export interface PlannedSlim {
  readonly plan: Plan;
  readonly user: SlimUser;
  readonly report: SlimReport;
}

/**
 * Decides what a slimmed image keeps and whom it runs as. Throws `environment.not-found` when what starts its program is not
 * there.
 */
export async function planSlim(
  subject: SlimSubject,
  reach: ImageReach,
  options: SlimOptions,
  toolbox: Toolbox,
): Promise<PlannedSlim> {
  await requireInterpreter(subject, reach, toolbox);
  const plan = await planOf(subject, reach, options, toolbox);
  const user = await userOf(subject.image, plan, reach, options);
  return { plan, user, report: slimReport({ ...subject, reach, plan, user }) };
}

async function requireInterpreter(
  { image: { config } }: SlimSubject,
  { graph, filesystem }: ImageReach,
  { context }: Toolbox,
): Promise<void> {
  const { missingInterpreter } = await import('../reach/missing-interpreter.ts');
  const missing = missingInterpreter(graph, config, new ImageTree(filesystem, context.limits.linkHops));
  if (missing === undefined) return;
  const [of = ''] = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  const what = { kind: 'interpreter', program: missing.path, of } as const;
  throw new CinzelError('environment.not-found', { what });
}

async function planOf(
  { image: { config }, inventory: { packages } }: SlimSubject,
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
