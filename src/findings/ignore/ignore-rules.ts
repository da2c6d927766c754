import { CinzelError } from '../../core/errors.ts';
import type { Problem } from '../../core/problems.ts';
import type { FixState } from '../model.ts';
import { emptyRule, hasCondition, type IgnoreRule } from './rule.ts';

/** What a rule may ask of a finding. */
export const conditionKeys = ['id', 'purl', 'path', 'package', 'version', 'type', 'fix-state'] as const;
const keys = [...conditionKeys, 'reason', 'expires'] as const;
type Key = (typeof keys)[number];

/**
 * Understands the items of `ignore:` in `.cinzel.yaml`: `id`, `purl`, `path`, `package`, `version`, `type` and
 * `fix-state`, each a text or a list of them, with `reason` (required) and `expires` (the last day on which it holds).
 * An item that is only a text is an id. Throws `usage.configuration` that names the item.
 */
export function readIgnoreRules(path: string, items: readonly unknown[]): readonly IgnoreRule[] {
  return items.map((item, index) => readRule(path, `${path}: ignore[${index}]`, item));
}

function readRule(path: string, label: string, item: unknown): IgnoreRule {
  const place = label.slice(path.length + 2);
  const wrong = (problem: Problem): CinzelError =>
    new CinzelError('usage.configuration', { path, problem: { kind: 'at', place, problem } });
  const fields: Readonly<Record<string, unknown>> = typeof item === 'string' ? { id: item } : asFields(item, wrong);
  const unknown = Object.keys(fields).find((key) => !(keys as readonly string[]).includes(key));
  if (unknown !== undefined) throw wrong({ kind: 'unknown-key', key: unknown, keys: keys.join(', ') });
  const list = (key: Key): readonly string[] => readList(fields[key], () => wrong({ kind: 'no-text-or-list', key }));
  const reason = list('reason').join(' ').trim();
  const [expires] = list('expires');
  if (expires !== undefined && !isDate(expires)) throw wrong({ kind: 'no-date', text: expires });
  const rule: IgnoreRule = {
    ...emptyRule(label),
    ids: list('id'),
    purls: list('purl'),
    paths: list('path'),
    packages: list('package'),
    versions: list('version'),
    types: list('type'),
    fixStates: list('fix-state').map((state) => {
      if (isFixState(state)) return state;
      throw wrong({ kind: 'no-fix-state', text: state, states: fixStates.join(', ') });
    }),
    ...(reason !== '' && { reason }),
    ...(expires !== undefined && { expires }),
    reasonRequired: true,
  };
  if (!hasCondition(rule)) throw wrong('no-condition');
  return rule;
}

function asFields(item: unknown, wrong: (problem: Problem) => CinzelError): Readonly<Record<string, unknown>> {
  if (typeof item === 'object' && item !== null && !Array.isArray(item))
    return item as Readonly<Record<string, unknown>>;
  throw wrong('no-keys');
}

function readList(value: unknown, wrong: () => CinzelError): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    if (typeof entry === 'string') return entry;
    if (typeof entry === 'number') return String(entry);
    throw wrong();
  });
}

export const fixStates = ['fixed', 'not-fixed', 'wont-fix', 'unknown'] as const satisfies readonly FixState[];

export function isFixState(text: string): text is FixState {
  return (fixStates as readonly string[]).includes(text);
}

/** A day as ISO 8601 has it; an hour after it is cut off by whoever reads it. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
