import { CinzelError } from '../core/errors.ts';
import { type Destination, parseDestination } from '../image/destination.ts';
import { parseGivenName } from '../image/reference.ts';
import { requireRunnable } from '../runtimes/require-runnable.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import { makeSlimImage } from './make-slim-image.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import { type PlannedSlim, planSlim } from './plan-slim.ts';
import type { Proof } from './prove-behaviour.ts';
import { openSigning } from './prove-images.ts';
import { openSlimProver, type SlimProver } from './prove-slim.ts';
import { type ImageReach, withReach } from './reach.ts';
import type { Signing } from './sign-image.ts';
import { slimName } from './slim-name.ts';
import type { SlimOptions } from './slim-options.ts';
import type { SlimReport } from './slim-report.ts';
import { readSubject, type SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';
import { writeSlim } from './write-slim.ts';
import { requireFreePlace, writeSlimRecipe } from './write-slim-recipe.ts';

/**
 * Cuts an image to what its application reaches, and writes it unless no destination is given or the image is distroless
 * already. Nothing of the image is executed unless a proof is asked for. Throws `usage.entrypoint` when the image runs nothing.
 */
export async function slim(reference: string, options: SlimOptions, toolbox: Toolbox): Promise<SlimReport> {
  const destination = options.destination === undefined ? undefined : parseDestination(options.destination);
  if (options.recipe !== undefined) await requireFreePlace(options.recipe);
  if (options.tag !== undefined) parseGivenName(options.tag);
  const signing =
    options.sign === undefined || destination === undefined
      ? undefined
      : await openSigning(options.sign, destination, toolbox);
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'sbom-without-files' });
  let prover: SlimProver | undefined;
  try {
    const subject = await readSubject(opened.image, options, toolbox);
    prover = await openSlimProver(options, toolbox);
    if (prover.runs) await requireRunnable(subject.image.platform);
    const slimming = { subject, prover, options, destination, signing };
    const choices = { wholeApplication: !options.strict, added: options.application, seen: prover.seen };
    for (;;) {
      const use = (reach: ImageReach): Promise<SlimReport | undefined> => attempt(reach, slimming, toolbox);
      const report = await withReach(subject.image, subject.inventory, toolbox, use, choices);
      if (report !== undefined) return report;
    }
  } finally {
    await prover?.close();
    await opened.image.close();
  }
}

interface Slimming {
  readonly subject: SlimSubject;
  readonly prover: SlimProver;
  readonly options: SlimOptions;
  readonly destination: Destination | undefined;
  readonly signing: Signing | undefined;
}

/** Plans, makes, proves and writes the slimmed image; gives nothing when a run showed that more is to be kept. */
async function attempt(reach: ImageReach, slimming: Slimming, toolbox: Toolbox): Promise<SlimReport | undefined> {
  const { subject, prover, options, destination } = slimming;
  const planned = await planSlim(subject, reach, options, toolbox);
  const confined = (report: SlimReport, trace?: Trace): Promise<SlimReport> =>
    withProfiles(report, { ...slimming, planned, reach, trace });
  if (planned.report.distroless) {
    if (options.recipe !== undefined) {
      throw new CinzelError('usage.slim-recipe', { problem: 'nothing', name: subject.image.name });
    }
    const trace = options.profiles?.length ? await prover.trace({ subject, reach }) : undefined;
    return confined(planned.report, trace);
  }
  if (destination === undefined && options.recipe === undefined && !prover.runs) return confined(planned.report);
  const slim = await makeSlimImage(subject, planned, reach, options, toolbox);
  const verdict = prover.runs ? await prover.prove({ subject, reach, planned, slim }) : undefined;
  if (verdict?.kind === 'again') return undefined;
  const report =
    verdict === undefined
      ? await confined(planned.report)
      : await confined(withContract(planned.report, verdict.contract), verdict.trace);
  if (report.behaviour === 'different' && options.writeAnyway !== true) return report;
  const slimmed = { subject, planned, reach, slim };
  return {
    ...report,
    ...(options.recipe === undefined ? {} : { recipe: await writeSlimRecipe(options.recipe, slimmed) }),
    ...(destination === undefined
      ? {}
      : { written: await writeSlim({ ...slimming, slim, report, destination }, toolbox) }),
  };
}

/** A contract of which the source itself answers nothing has shown nothing. */
function withContract(report: SlimReport, contract: Proof): SlimReport {
  const { differences, strength } = contract;
  const answered = strength.probes === 0 ? 'not checked' : 'equal';
  return { ...report, behaviour: differences.length === 0 ? answered : 'different', contract };
}

interface Confining extends Slimming {
  readonly planned: PlannedSlim;
  readonly reach: ImageReach;
  readonly trace: Trace | undefined;
}

async function withProfiles(
  report: SlimReport,
  { subject: { image }, options: { profiles = [], tag }, planned: { plan, user }, reach, trace }: Confining,
): Promise<SlimReport> {
  if (profiles.length === 0) return report;
  const { makeProfiles } = await import('./make-profiles.ts');
  const confined = { name: slimName(image.name, tag).name, image, plan, user, filesystem: reach.filesystem, trace };
  return { ...report, profiles: await makeProfiles(profiles, confined) };
}
