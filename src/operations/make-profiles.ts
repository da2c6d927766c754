import { CinzelError } from '../core/errors.ts';
import type { ImagePath } from '../core/path.ts';
import { profiles } from '../distroless/profiles/index.ts';
import type { ProfileKind } from '../distroless/profiles/kinds.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { Image } from '../image/model.ts';
import type { Plan } from '../reach/plan/model.ts';
import { findAccount } from '../runtimes/account.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import type { SlimUser } from './slim-report.ts';

export interface ConfinedImage {
  readonly name: string;
  readonly image: Image;
  readonly plan: Plan;
  readonly user: SlimUser;
  readonly filesystem: Filesystem;
  readonly trace: Trace | undefined;
}

/** Renders profiles of a slimmed image. Throws `environment.not-found` when its user is not among its accounts. */
export async function makeProfiles(
  kinds: readonly ProfileKind[],
  { name, image, plan, user, filesystem, trace }: ConfinedImage,
): Promise<Readonly<Partial<Record<ProfileKind, string>>>> {
  const account = findAccount(user.name, {
    passwd: await textOf('/etc/passwd', filesystem),
    group: await textOf('/etc/group', filesystem),
  });
  if (account === undefined)
    throw new CinzelError('environment.not-found', { what: { kind: 'user', name: user.name ?? '' } });
  const { config, platform } = image;
  const facts = {
    name,
    architecture: platform.architecture,
    config,
    account,
    needs: user.needs,
    plan,
    filesystem,
    ...(trace === undefined ? {} : { trace }),
  };
  const texts = await Promise.all(kinds.map(async (kind) => [kind, await profiles[kind].render(facts)] as const));
  return Object.fromEntries(texts);
}

async function textOf(path: ImagePath, filesystem: Filesystem): Promise<string> {
  return Buffer.from((await filesystem.read(path)) ?? []).toString('utf8');
}
