import { type ImagePath, rootPath } from '../../core/path.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Profile, ProfileFacts } from './model.ts';
import { writableFolders } from './writable-folders.ts';

/** What the kernel and the engine put into a container that programs write to. */
const provided = [
  '/dev/{null,zero,full,random,urandom,tty,ptmx,console} rw,',
  '/dev/{pts,shm,mqueue}/** rw,',
  'owner /proc/[0-9]*/{,task/[0-9]*/}{comm,oom_score_adj} rw,',
  'owner /proc/[0-9]*/{,task/[0-9]*/}fd/** rw,',
];

/**
 * An AppArmor profile (apparmor.d(5)) without includes: everything may be read, only programs that the image keeps may be
 * executed, libraries mapped, and what a run wrote (without a trace: volumes and folders for everybody) be written.
 */
export const apparmor: Profile = {
  render: (facts) => {
    const name = profileName(facts.name);
    const { mountable, mixed } = writableFolders(facts);
    const rules = [
      ...capabilitiesOf(facts).map((capability) => `capability ${capability.toLowerCase()},`),
      'network inet,',
      'network inet6,',
      'network unix,',
      'network netlink raw,',
      'unix,',
      `signal (send, receive) peer=${name},`,
      'signal (receive) peer=unconfined,',
      `ptrace (read, readby) peer=${name},`,
      '/ r,',
      '/** rk,',
      '/**.so{,.*} m,',
      '/**.node m,',
      ...programs(facts).map((path) => `"${literal(path)}" mrix,`),
      ...[...mountable, ...mixed].flatMap((path) => writable(path)),
      ...provided,
    ];
    const origin = facts.trace === undefined ? 'From reading alone: nothing ran.' : 'From reading and a traced run.';
    const head = `profile ${name} flags=(attach_disconnected,mediate_deleted) {`;
    return [`# ${origin}`, head, ...rules.map((rule) => `  ${rule}`), '}', ''].join('\n');
  },
};

/** Programs and scripts that are kept, and loaders, which are libraries that can be executed. */
function programs({ plan, filesystem }: ProfileFacts): readonly ImagePath[] {
  return plan.entries.flatMap(({ path, type, fate }) =>
    fate === 'kept' && type !== 'directory' && type !== 'symlink' && ((filesystem.get(path)?.mode ?? 0) & 0o111) !== 0
      ? [path]
      : [],
  );
}

function writable(folder: ImagePath): readonly string[] {
  if (folder === rootPath) return ['/* w,'];
  return [`"${literal(folder)}/" w,`, `"${literal(folder)}/**" rwlk,`];
}

/** Escapes what would be a pattern; a character that could end a name in quotes is matched as any one. */
function literal(path: string): string {
  return path.replace(/["\\\p{Cc}]/gu, '?').replace(/[*[\]{}^@$]/g, '\\$&');
}

function profileName(name: string): string {
  return `cinzel-${name.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')}`;
}
