import { CinzelError } from '../../core/errors.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { PreparedImage } from '../../runtimes/model.ts';
import type { Trace } from '../../runtimes/trace/model.ts';
import { deriveContract } from './derive.ts';
import { type Answer, type Contract, failureField } from './model.ts';
import { playContract } from './play.ts';
import { type OpenService, prepareServices } from './services.ts';
import { mergeAnswers } from './vary.ts';

export interface RecordOptions {
  readonly config: ImageConfig;
  /** One is derived without. */
  readonly contract?: Contract;
  readonly openService: OpenService;
  readonly trace: boolean;
  readonly signal: AbortSignal;
}

export interface Recorded {
  readonly contract: Contract;
  readonly derived: boolean;
  readonly answers: readonly Answer[];
  /** Names of derived probes that the image itself does not answer. */
  readonly dropped: readonly { readonly probe: string; readonly problem: string }[];
  readonly trace?: Trace;
}

/**
 * Plays a contract on an image twice, at the same time and apart, so that what varies is known from what does not.
 * Throws `usage.contract-fails` when a probe that somebody wrote gets no answer, and `environment.sandbox-image` when
 * that is the sandbox's fault.
 */
export async function recordContract(image: PreparedImage, options: RecordOptions): Promise<Recorded> {
  const { config, openService, signal, trace } = options;
  const derived = options.contract === undefined;
  const contract = options.contract ?? (await deriveContract(image, config, signal));
  const services = await prepareServices(contract, openService);
  try {
    const playing = { services, signal };
    const [first, second] = await Promise.all([
      playContract(contract, image, { ...playing, trace }),
      playContract(contract, image, playing),
    ]);
    refuse(first.answers, { derived, log: first.log });
    const merged = mergeAnswers(first.answers, second.answers);
    const failed = merged.filter(({ fields }) => failureField in fields);
    return {
      contract,
      derived,
      answers: merged.filter(({ fields }) => !(failureField in fields)),
      dropped: failed.map(({ name, fields }) => ({ probe: name, problem: fields[failureField] ?? '' })),
      ...(first.trace === undefined ? {} : { trace: first.trace }),
    };
  } finally {
    await Promise.all(services.map((service) => service.image.remove()));
  }
}

/** Calls that one user alone cannot make. */
const needsUsers =
  /^.*\b(?:set(?:res|re|e)?[ug]id|setgroups|initgroups|f?l?chown\w*)\b.*(?:not permitted|Invalid argument).*$/im;

function refuse(
  answers: readonly Answer[],
  { derived, log }: { readonly derived: boolean; readonly log: string },
): void {
  const failed = answers.find(({ fields }) => failureField in fields);
  const ended = answers.some(({ fields }) => fields['runs'] === 'no');
  const [complaint] = failed !== undefined || ended ? (needsUsers.exec(log) ?? []) : [];
  if (complaint !== undefined) throw new CinzelError('environment.sandbox-image', { problem: complaint.trim() });
  if (failed === undefined || derived) return;
  const problem = failed.fields[failureField] ?? '';
  throw new CinzelError('usage.contract-fails', { probe: failed.name, problem });
}
