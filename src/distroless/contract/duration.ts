const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** Milliseconds of a duration as a contract has it. */
export function milliseconds(written: string | number): number {
  if (typeof written === 'number') return written * 1_000;
  const [, count = '0', unit = 's'] = /^([\d.]+)(\D+)$/.exec(written) ?? [];
  return Number(count) * (units[unit] ?? 1_000);
}
