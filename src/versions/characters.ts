/** Whether a UTF-16 code unit is one of `0`–`9`; NaN, which stands for the end of a string, is none. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a UTF-16 code unit is one of `A`–`Z`, `a`–`z`. */
export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** The end of the run of digits that starts at `start`; `start` itself if there is none. */
export function skipDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
