/** Kinds of profiles that can be written, as `--profile` names them. */
export const profileKinds = ['seccomp', 'apparmor', 'kubernetes', 'written-paths'] as const;
export type ProfileKind = (typeof profileKinds)[number];
