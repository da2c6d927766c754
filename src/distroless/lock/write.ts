import type { Lock } from './model.ts';

/** The bytes of a lock; equal locks give equal bytes. */
export function lockText({ version, inputs, encoder, architectures }: Lock): string {
  const sorted = Object.fromEntries(Object.entries(architectures).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version, inputs, encoder, architectures: sorted }, undefined, 2)}\n`;
}
