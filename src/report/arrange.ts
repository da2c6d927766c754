import { compareText } from '../core/compare-text.ts';
import type { Shape } from './scan-shape.ts';

/** The value with its keys in the order of its shape; keys that are absent, or that the shape lacks, are left out. */
export function arrange(value: unknown, shape: Shape): unknown {
  if (shape === 'value' || typeof value !== 'object' || value === null) return value;
  if (shape === 'map') return arrangeMap(value);
  if ('list' in shape) return Array.isArray(value) ? value.map((item) => arrange(item, shape.list)) : value;
  return arrangeObject(value as Readonly<Record<string, unknown>>, shape.keys);
}

function arrangeMap(value: object): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareText(a, b)));
}

function arrangeObject(value: Readonly<Record<string, unknown>>, keys: Keys): object {
  const arranged: Record<string, unknown> = {};
  for (const [key, shape] of membersOf(keys)) {
    const member = value[key];
    if (member !== undefined) arranged[key] = shape === 'value' ? member : arrange(member, shape);
  }
  return arranged;
}

type Keys = Readonly<Record<string, Shape>>;
const members = new WeakMap<Keys, readonly (readonly [string, Shape])[]>();

/** The entries of a shape, made once: thousands of packages and findings have the same. */
function membersOf(keys: Keys): readonly (readonly [string, Shape])[] {
  const known = members.get(keys);
  if (known !== undefined) return known;
  const made = Object.entries(keys);
  members.set(keys, made);
  return made;
}
