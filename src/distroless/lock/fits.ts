import type { Architecture } from '../architectures.ts';
import type { Lock, LockedEncoder, LockInputs } from './model.ts';

/** What a recipe asks of a lock. */
export interface LockDemand {
  readonly inputs: LockInputs;
  readonly encoder: LockedEncoder;
  readonly architectures: readonly Architecture[];
  /** The image below, by OCI architecture. */
  readonly bases?: ReadonlyMap<string, { readonly digest: string }>;
}

/** Why a lock is not this recipe's, a line a reason; none when it fits. */
export function lockMisfits(lock: Lock, { inputs, encoder, architectures, bases }: LockDemand): readonly string[] {
  const { inputs: locked } = lock;
  const wanted = inputs.packages.flatMap(({ names }) => names);
  const known = locked.packages.flatMap(({ names }) => names);
  const reasons = [
    ...changed('from', locked.from ?? '', inputs.from ?? ''),
    ...[...(bases ?? [])].flatMap(([name, { digest }]) => {
      const before = lock.architectures[name];
      return before === undefined ? [] : changed('from', before.from ?? '', digest);
    }),
    ...changed('distribution', locked.distribution, inputs.distribution),
    ...changed('suites', locked.suites?.join(', ') ?? '', inputs.suites?.join(', ') ?? ''),
    ...changed('sources', locked.sources?.join(', ') ?? '', inputs.sources?.join(', ') ?? ''),
    ...changed('pins', locked.pins?.join(', ') ?? '', inputs.pins?.join(', ') ?? ''),
    ...wanted.filter((name) => !known.includes(name)).map((name) => `+ ${name}`),
    ...known.filter((name) => !wanted.includes(name)).map((name) => `- ${name}`),
    ...changed('encoder', encoderText(lock.encoder), encoderText(encoder)),
    ...architectures.filter(({ name }) => !Object.hasOwn(lock.architectures, name)).map(({ name }) => `+ ${name}`),
  ];
  if (reasons.length > 0 || JSON.stringify(locked.packages) === JSON.stringify(inputs.packages)) return reasons;
  return ['packages: order, dependencies'];
}

function changed(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`${what}: ${before || '–'} → ${after || '–'}`];
}

function encoderText({ name, version, level }: LockedEncoder): string {
  return `${name} ${version} level ${level}`;
}
