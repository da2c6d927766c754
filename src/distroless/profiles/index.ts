import { apparmor } from './apparmor.ts';
import type { ProfileKind } from './kinds.ts';
import { kubernetes } from './kubernetes.ts';
import type { Profile } from './model.ts';
import { seccomp } from './seccomp.ts';
import { writtenPaths } from './written-paths.ts';

/** Every kind of profile. */
export const profiles: Readonly<Record<ProfileKind, Profile>> = {
  seccomp,
  apparmor,
  kubernetes,
  'written-paths': writtenPaths,
};
