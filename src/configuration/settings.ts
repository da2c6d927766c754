/** How a setting's value is written, on the command line, in the environment and in the file. */
export type SettingKind = 'text' | 'switch' | 'number' | 'list' | 'choice' | 'map';

/**
 * One thing that a user can set. This list drives the flags, the environment, `.cinzel.yaml`, its JSON Schema and the
 * reference in docs/; `i18n` holds what each is for.
 */
export interface Setting {
  readonly kind: SettingKind;
  /** Flag without dashes; a switch whose default is true is written `--no-FLAG`. */
  readonly flag?: string;
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** Only what stands here has a default; anything else is undefined until set. */
  readonly default?: SettingValue;
}

export type SettingValue = string | boolean | number | readonly string[] | Readonly<Record<string, string>>;

export const settings = {
  lang: { kind: 'choice', flag: 'lang', choices: ['en', 'pt-BR'] },
  quiet: { kind: 'switch', flag: 'quiet', default: false },
  offline: { kind: 'switch', flag: 'offline', default: false },
  strict: { kind: 'switch', flag: 'strict', default: false },
  verify: { kind: 'switch', flag: 'verify', default: true },
  from: {
    kind: 'choice',
    flag: 'from',
    placeholder: 'KIND',
    choices: ['docker-archive', 'oci', 'oci-archive', 'registry', 'docker', 'podman', 'containerd', 'dir', 'sbom'],
  },
  platform: { kind: 'text', flag: 'platform', placeholder: 'OS/ARCH' },
  'cache.dir': { kind: 'text', flag: 'cache-dir', placeholder: 'DIR' },
  'cache.size': { kind: 'text', flag: 'cache-size', placeholder: 'BYTES', default: '5GiB' },
  'db.dir': { kind: 'text', flag: 'db-dir', placeholder: 'DIR' },
  'db.age': { kind: 'number', flag: 'db-age', placeholder: 'HOURS', default: 24 },
  feeds: { kind: 'list', flag: 'feeds', placeholder: 'ID,…', default: ['osv', 'debian-archive'] },
  'feeds.osv.url': { kind: 'text', placeholder: 'URL', default: 'https://storage.googleapis.com/osv-vulnerabilities' },
  mirror: { kind: 'text', flag: 'mirror', placeholder: 'URL' },
  'use-image-sources': { kind: 'switch', flag: 'use-image-sources', default: false },
  severity: { kind: 'list', flag: 'severity', placeholder: 'LEVEL,…' },
  'only-fixed': { kind: 'switch', flag: 'only-fixed', default: false },
  'fail-on': { kind: 'text', flag: 'fail-on', placeholder: 'LEVEL[,unknown][,fixable]' },
  baseline: { kind: 'text', flag: 'baseline', placeholder: 'FILE' },
  base: { kind: 'text', flag: 'base', placeholder: 'REF' },
  'only-base': { kind: 'switch', flag: 'only-base', default: false },
  'ignore-base': { kind: 'switch', flag: 'ignore-base', default: false },
  reach: { kind: 'switch', flag: 'reach', default: false },
  keep: { kind: 'list', flag: 'keep', placeholder: 'GLOB' },
  'ignore-file': { kind: 'list', flag: 'ignore-file', placeholder: 'FILE' },
  'registry.insecure': { kind: 'list', flag: 'insecure', placeholder: 'HOST' },
  'registry.ca': { kind: 'list', flag: 'ca', placeholder: 'FILE' },
  'registry.username': { kind: 'text', flag: 'username', placeholder: 'NAME' },
  'registry.password': { kind: 'text' },
  timeout: { kind: 'number', flag: 'timeout', placeholder: 'SECONDS', default: 60 },
  'registry.mirrors': { kind: 'map', placeholder: 'HOST=MIRROR' },
  'docker.host': { kind: 'text', flag: 'docker-host', placeholder: 'URL' },
  limits: { kind: 'map', flag: 'limit', placeholder: 'NAME=N' },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

/** The environment variable of a setting: `feeds.osv.url` has a short name, the rest follow the key. */
export function environmentName(key: SettingKey): string {
  if (key === 'feeds.osv.url') return 'CINZEL_FEED_OSV';
  if (key === 'registry.username' || key === 'registry.password') return `CINZEL_${key.slice(9).toUpperCase()}`;
  return `CINZEL_${key.replace(/[.-]/g, '_').toUpperCase()}`;
}

type ValueOfKind<Kind extends SettingKind> = Kind extends 'switch'
  ? boolean
  : Kind extends 'number'
    ? number
    : Kind extends 'list'
      ? readonly string[]
      : Kind extends 'map'
        ? Readonly<Record<string, string>>
        : string;

/** The type of a setting's value; undefined is possible where there is no default. */
export type ValueOf<Key extends SettingKey> =
  | ValueOfKind<(typeof settings)[Key]['kind']>
  | ((typeof settings)[Key] extends { readonly default: unknown } ? never : undefined);
