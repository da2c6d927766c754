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

function arrangeObject(value: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, Shape>>): object {
  const arranged: Record<string, unknown> = {};
  for (const [key, shape] of Object.entries(keys)) {
    if (value[key] !== undefined) arranged[key] = arrange(value[key], shape);
  }
  return arranged;
}
