import { CinzelError } from '../core/errors.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** A number of bytes as people write it: `5GiB`, `200 MB`, `1048576`. Throws `usage.value`. */
export function parseBytes(text: string, name: string): number {
  const [, digits = '', unit = ''] = /^([\d.]+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  const value = Number(digits) * (factor ?? Number.NaN);
  if (digits !== '' && Number.isFinite(value)) return Math.floor(value);
  throw new CinzelError('usage.value', { name, value: text, allowed: '1048576, 200MB, 5GiB' });
}
