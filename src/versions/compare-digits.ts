import { skipDigits } from './characters.ts';

/**
 * Orders the runs of digits `a[aStart, aEnd)` and `b[bStart, bEnd)` as numbers of any size, without making strings.
 * An empty run is 0.
 */
export function compareDigits(
  a: string,
  aStart: number,
  aEnd: number,
  b: string,
  bStart: number,
  bEnd: number,
): number {
  let left = skipZeros(a, aStart, aEnd);
  let right = skipZeros(b, bStart, bEnd);
  if (aEnd - left !== bEnd - right) return aEnd - left - (bEnd - right);
  for (; left < aEnd; left++, right++) {
    const difference = a.charCodeAt(left) - b.charCodeAt(right);
    if (difference !== 0) return difference;
  }
  return 0;
}

function skipZeros(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && text.charCodeAt(position) === 0x30) position++;
  return position;
}

/** The end of the run of digits that starts at `start`, at most `limit`. */
export function digitsEnd(text: string, start: number, limit: number): number {
  return Math.min(skipDigits(text, start), limit);
}
