import { isFixState } from './ignore-rules.ts';
import { emptyRule, hasCondition, type IgnoreRule } from './rule.ts';

/** Grype's package types (Syft's `pkg.Type`) in the words of the purl specification. */
const types: Readonly<Record<string, string>> = {
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  npm: 'npm',
  python: 'pypi',
  gem: 'gem',
  'go-module': 'golang',
  'java-archive': 'maven',
  'rust-crate': 'cargo',
  'php-composer': 'composer',
  dotnet: 'nuget',
};

/** Conditions that Cinzel does not know; a rule that has one would hide more than its author meant. */
const unknownConditions = ['namespace', 'match-type', 'vex-status', 'vex-justification'] as const;

export interface GrypeRules {
  readonly rules: readonly IgnoreRule[];
  /** Rules that were left out, each with the condition that is not known. */
  readonly unsupported: readonly { readonly rule: string; readonly condition: string }[];
}

/**
 * Reads the `ignore` list of `.grype.yaml` (github.com/anchore/grype, README, "Specifying matches to ignore"), parsed
 * already. Names that Grype takes for regular expressions are understood where they only use `.*`.
 */
export function readGrypeIgnore(path: string, document: unknown): GrypeRules {
  const rules: IgnoreRule[] = [];
  const unsupported: GrypeRules['unsupported'][number][] = [];
  for (const [index, item] of items(fieldsOf(document)['ignore']).entries()) {
    const label = `${path}: ignore[${index}]`;
    const fields = fieldsOf(item);
    const target = fieldsOf(fields['package']);
    const condition = unknownCondition(fields, target);
    if (condition !== undefined) unsupported.push({ rule: label, condition });
    else rules.push(readRule(label, fields, target));
  }
  return { rules: rules.filter(hasCondition), unsupported };
}

type Fields = Readonly<Record<string, unknown>>;

function unknownCondition(fields: Fields, target: Fields): string | undefined {
  const named = unknownConditions.find((key) => texts(fields[key]).length > 0);
  if (named !== undefined) return named;
  if (texts(target['language']).length > 0) return 'package.language';
  const type = texts(target['type'])[0];
  if (type !== undefined && !Object.hasOwn(types, type)) return `package.type ${type}`;
  const state = texts(fields['fix-state'])[0];
  if (state !== undefined && !isFixState(state)) return `fix-state ${state}`;
  return ['name', 'upstream-name'].find((key) => texts(target[key]).some((name) => wildcardOf(name) === undefined));
}

function readRule(label: string, fields: Fields, target: Fields): IgnoreRule {
  const [reason] = texts(fields['reason']);
  return {
    ...emptyRule(label),
    ids: texts(fields['vulnerability']),
    packages: ['name', 'upstream-name'].flatMap((key) => texts(target[key])).flatMap((name) => wildcardOf(name) ?? []),
    versions: texts(target['version']),
    types: texts(target['type']).flatMap((type) => types[type] ?? []),
    paths: texts(target['location']),
    fixStates: texts(fields['fix-state']).filter(isFixState),
    ...(reason !== undefined && { reason }),
  };
}

/** `linux(-.*)?-headers-.*` is beyond a wildcard: undefined. `linux-.*` is `linux-*`. */
function wildcardOf(name: string): string | undefined {
  const wildcard = name
    .replaceAll('.*', '*')
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\.', '.');
  return /[()[\]{}|+^$\\]/.test(wildcard) ? undefined : wildcard;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}
