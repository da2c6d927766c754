import { CinzelError } from '../core/errors.ts';
import { type ProfileKind, profileKinds } from '../distroless/profiles/kinds.ts';
import type { Invocation } from './command.ts';

export interface ProfileOutput {
  readonly kind: ProfileKind;
  readonly file: string;
}

/**
 * Reads `--profile KIND=FILE`. Throws `usage.value`, `usage.profile-file` when a file is lacking, and `usage.written-paths` when
 * only a traced run could tell what is asked for.
 */
export function profileOutputs({ profile, trace }: Invocation['options']): readonly ProfileOutput[] {
  const outputs = (Array.isArray(profile) ? (profile as readonly string[]) : []).map(parse);
  if (trace !== true && outputs.some(({ kind }) => kind === 'written-paths')) {
    throw new CinzelError('usage.written-paths', {});
  }
  return outputs;
}

function parse(text: string): ProfileOutput {
  const [, name = text, file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const kind = profileKinds.find((one) => one === name);
  if (kind === undefined) {
    throw new CinzelError('usage.value', { name: '--profile', value: name, allowed: profileKinds.join(', ') });
  }
  if (file === '') throw new CinzelError('usage.profile-file', { kind });
  return { kind, file };
}
