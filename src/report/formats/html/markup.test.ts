import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, serialize } from './markup.ts';

describe('html', () => {
  test('escapes every value, in text and in attributes', () => {
    const hostile = `"><script>alert('x')</script>&amp;`;
    expect(serialize(html`<a title="${hostile}">${hostile}</a>`)).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</a>',
    );
  });

  test('keeps nested templates, joins lists, and writes nothing for what is absent', () => {
    expect(serialize(html`<ul>${['a', 'b'].map((item) => html`<li>${item}</li>`)}</ul>${undefined}${[]}${0}`)).toBe(
      '<ul><li>a</li><li>b</li></ul>0',
    );
  });

  test('shows characters that deceive the eye as escapes', () => {
    expect(serialize(html`${'a\u202eb\u001b[31m\udce9'}`)).toBe('a\\u{202e}b\\e[31m\\xe9');
  });

  test('no text, whatever it is, brings markup or a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = serialize(html`${text}`);
        expect(written).not.toMatch(/[<>"']/);
        expect(written).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
      }),
      { seed: 42 },
    );
  });
});
