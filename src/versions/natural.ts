/** A natural number of any size; most are small. */
export type Natural = number | LongNatural;

/** A natural number that a JavaScript number cannot hold exactly, as decimal digits without leading zeros. */
interface LongNatural {
  readonly digits: string;
}

const exactDigits = 15;

/** Reads decimal digits, which the caller has checked; no digits are 0. */
export function parseNatural(digits: string): Natural {
  if (digits.length <= exactDigits) return Number(digits);
  const significant = withoutLeadingZeros(digits);
  return significant.length <= exactDigits ? Number(significant) : { digits: significant };
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 0x30) start++;
  return digits.slice(start);
}

/** Negative, zero or positive. */
export function compareNaturals(a: Natural, b: Natural): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  if (a.digits.length !== b.digits.length) return a.digits.length - b.digits.length;
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}
