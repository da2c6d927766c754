import { describe, expect, test } from 'vitest';
import { externalLink } from './link.ts';
import { serialize } from './markup.ts';

describe('externalLink', () => {
  test.each(['https://example.com/CVE-1', 'http://example.com/?a=1'])('links %s', (url) => {
    expect(serialize(externalLink(url, 'text'))).toBe(`<a href="${url}" rel="noopener noreferrer">text</a>`);
  });

  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.com/x',
    '/relative',
    '',
    'https://',
  ])('leaves %j as text', (url) => {
    expect(serialize(externalLink(url))).not.toContain('<');
  });

  test('cannot be broken out of', () => {
    const link = serialize(externalLink('https://example.com/"onmouseover="alert(1)"><img src=x>', '<b>'));
    expect(link).toMatch(/^<a href="[^"<>]*" rel="noopener noreferrer">&lt;b&gt;<\/a>$/);
  });
});
