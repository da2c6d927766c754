import { describe, expect, it } from 'vitest';
import { compilePattern } from './glob.ts';

describe('compilePattern', () => {
  it.each([
    ['/etc/conf.d/*.conf', '/etc/conf.d/a.conf', true],
    ['/etc/conf.d/*.conf', '/etc/conf.d/a.conf.bak', false],
    ['/opt/**', '/opt/a/.b', true],
    ['', '', false],
  ])('%j on %j is %s', (pattern, text, expected) => {
    expect(compilePattern(pattern)(text)).toBe(expected);
  });

  it('does not take up what would never end', () => {
    expect(compilePattern('*a'.repeat(40))('a'.repeat(250))).toBe(false);
  });
});
