import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeb822, type Stanza, streamDeb822 } from './deb822.ts';

function record(stanza: Stanza): Record<string, string | undefined> {
  return Object.fromEntries([...stanza.names()].map((name) => [name, stanza.get(name)]));
}

function parse(text: string | Uint8Array, fields?: readonly string[]): Record<string, string | undefined>[] {
  return [...parseDeb822(text, fields && { fields })].map(record);
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function streamed(text: string, size: number): Promise<Record<string, string | undefined>[]> {
  const found: Record<string, string | undefined>[] = [];
  for await (const stanzas of streamDeb822(chunksOf(Buffer.from(text), size))) found.push(...stanzas.map(record));
  return found;
}

describe('parseDeb822', () => {
  it.each([
    ['nothing', '', []],
    ['blank lines only', '\n \n\t\n', []],
    ['one field', 'A: 1', [{ a: '1' }]],
    ['space around values', 'A:1  \nB:   2\t\n', [{ a: '1', b: '2' }]],
    ['an empty value', 'A:\nB: 1', [{ a: '', b: '1' }]],
    ['a colon in the value', 'A: 1:2.3-4', [{ a: '1:2.3-4' }]],
    ['several blank lines between stanzas', '\n\nA: 1\n\n\n\nA: 2\n\n', [{ a: '1' }, { a: '2' }]],
    ['separators of spaces and tabs', 'A: 1\n \t\nA: 2', [{ a: '1' }, { a: '2' }]],
    ['Windows line ends', 'A: 1\r\nB:\r\n x\r\n\r\nA: 2\r\n', [{ a: '1', b: '\nx' }, { a: '2' }]],
    ['continuation lines', 'A: x\n y\n\t z\n .\nB: 1', [{ a: 'x\ny\n z\n.', b: '1' }]],
    ['a comment between lines of a value', 'A: x\n# no\n y', [{ a: 'x\ny' }]],
    ['comments before and after', '# a\nA: 1\n#b: 2\n', [{ a: '1' }]],
    ['a field written twice', 'A: 1\n x\nA: 2\n y', [{ a: '1\nx' }]],
    ['names of JavaScript', '__proto__: 1\nconstructor: 2', [{ constructor: '2', ['__proto__']: '1' }]],
  ])('reads %s', (_what, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('finds a field whatever the case of its name', () => {
    const [stanza] = parseDeb822('pAcKage: x');
    expect([stanza?.get('Package'), stanza?.get('package'), stanza?.get('PACKAGE')]).toEqual(['x', 'x', 'x']);
  });

  it('keeps only wanted fields, and stanzas that have none of them', () => {
    expect(parse('A: 1\n x\nB: 2\n y\n\nC: 3', ['b'])).toEqual([{ b: '2\ny' }, {}]);
  });

  it('reports lines that make no sense and reads the rest', () => {
    const malformed: string[] = [];
    const text = ' lost\nA: 1\nno colon here\n dropped\n: nameless\nB: 2';
    const found = [...parseDeb822(text, { malformed: (line) => malformed.push(line) })].map(record);
    expect(found).toEqual([{ a: '1', b: '2' }]);
    expect(malformed).toEqual([' lost', 'no colon here', ': nameless']);
  });

  it('gives the same from bytes, text and chunks of any size', async () => {
    const value = fc.stringMatching(/^[a-zé:#.]{1,9}( [a-z]{1,5})?$/);
    const field = fc.record({
      name: fc.stringMatching(/^[A-Z][a-z-]{0,6}$/),
      lines: fc.array(value, { minLength: 1 }),
    });
    const stanza = fc.uniqueArray(field, { minLength: 1, selector: ({ name }) => name.toLowerCase() });
    await fc.assert(
      fc.asyncProperty(fc.array(stanza), fc.integer({ min: 1, max: 99 }), async (document, size) => {
        const text = document
          .map((fields) => fields.map(({ name, lines }) => `${name}: ${lines.join('\n ')}\n`).join(''))
          .join('\n');
        const expected = document.map((fields) =>
          Object.fromEntries(fields.map(({ name, lines }) => [name.toLowerCase(), lines.join('\n')])),
        );
        expect(parse(text)).toEqual(expected);
        expect(parse(Buffer.from(text))).toEqual(expected);
        expect(await streamed(text, size)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('reads documents longer than what it decodes at once', () => {
    const count = 5_000;
    const text = Array.from(
      { length: count },
      (_, index) => `Package: p${index}\nDescription: é\n ${'x'.repeat(90)}\n`,
    );
    const found = parse(Buffer.from(text.join('\n')), ['Package']);
    expect(found).toHaveLength(count);
    expect(found.at(-1)).toEqual({ package: `p${count - 1}` });
  });

  it('survives random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => parse(bytes)).not.toThrow();
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
