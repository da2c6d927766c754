import type { SettingKey } from '../configuration/settings.ts';

/** Settings of every command that opens images. */
export const sourceSettings: readonly SettingKey[] = [
  'from',
  'platform',
  'offline',
  'verify',
  'cache.dir',
  'cache.size',
  'registry.insecure',
  'registry.ca',
  'registry.username',
  'timeout',
  'docker.host',
  'limits',
];
