import { aptSourcePaths } from './apt-sources.ts';

/** Files that may say which distribution this is, the most telling first. Trimmed images often have but one of them. */
export const distributionWitnesses = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/lsb-release',
  '/etc/alpine-release',
  '/etc/debian_version',
  '/etc/redhat-release',
  '/etc/system-release',
] as const;

export type DistributionWitness = (typeof distributionWitnesses)[number];

/** Globs of the files that findDistribution reads. */
export const distributionPaths: readonly string[] = [...distributionWitnesses, ...aptSourcePaths];
