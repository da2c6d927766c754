import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { documentJsonSchema } from '../documents/known-keys.ts';
import { readRecipe } from './read.ts';
import { recipeSchema } from './schema.ts';

/** Line, column and what is wrong, as far as it matters. */
const refusals: readonly (readonly [text: string, line: number, column: number, fault: object])[] = [
  ['entrypont: [a]', 1, 1, { kind: 'unknown-key', key: 'entrypont', near: 'entrypoint' }],
  ['user: 0\n\nenviroment: {}', 3, 1, { kind: 'unknown-key', key: 'enviroment' }],
  ['files:\n  - copy: a\n    to: /a\n    ownr: b', 4, 5, { kind: 'unknown-key', key: 'ownr', near: 'owner' }],
  ['files:\n  - { copyy: a, to: /a }', 2, 7, { kind: 'unknown-key', key: 'copyy', near: 'copy' }],
  ['packages: [{ nam: x }]', 1, 14, { kind: 'unknown-key', key: 'nam', near: 'name' }],
  ['packages:\n  - Upper', 2, 5, { kind: 'value', key: 'packages[0]' }],
  ['packages:\n  - "a:{b"', 2, 5, { kind: 'value', key: 'packages[0]' }],
  ['users:\n  - name: a', 2, 5, { kind: 'value', key: 'users[0].uid', expected: 'number' }],
  ['workdir: app', 1, 10, { kind: 'value', key: 'workdir', expected: 'an absolute path' }],
  ['cmd: ls -l', 1, 6, { kind: 'value', key: 'cmd', expected: 'array' }],
  [
    'distribution: debian13x',
    1,
    15,
    { kind: 'value', key: 'distribution', expected: 'debian13, debian12, alpine, wolfi' },
  ],
  ['layering: { by: stuff }', 1, 11, { kind: 'value', key: 'layering' }],
  ['ports: [70000]', 1, 9, { kind: 'value', key: 'ports[0]', expected: '1 to 65535' }],
  ['user: 1\nuser: 2', 2, 1, { kind: 'syntax', problem: 'yaml-repeated-key' }],
  ['cmd: [', 1, 7, { kind: 'syntax' }],
  ['user: 1\ncmd: [a', 2, 8, { kind: 'syntax', problem: 'yaml-indentation' }],
  ['user: 1\n---\nuser: 2', 2, 1, { kind: 'syntax', problem: 'yaml-documents' }],
  ['cmd:\n\t- b', 2, 1, { kind: 'syntax', problem: 'yaml-tab' }],
  ['user: "x', 1, 9, { kind: 'syntax', problem: 'yaml-unclosed' }],
  ['user: a: b', 1, 7, { kind: 'syntax', problem: 'yaml-nested' }],
  ['user: @x', 1, 7, { kind: 'syntax', problem: 'yaml-unquoted' }],
  ['user: *x', 1, 1, { kind: 'syntax', problem: 'yaml-aliases' }],
  ['- a', 1, 1, { kind: 'value', key: '', expected: 'object' }],
  ['just text', 1, 1, { kind: 'value', key: '' }],
];

/** Those that mean something in YAML. */
const yamlCharacters = 'abc:-[]{}&*!|>\n \'"#,?%@`~0\t'.split('');

async function refusal(text: string): Promise<CinzelError> {
  const error = await readRecipe(text, 'r.yaml').then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(CinzelError);
  return error as CinzelError;
}

describe('readRecipe', () => {
  it.each(refusals)('refuses %j at %i:%i', async (text, line, column, fault) => {
    const { code, parameters } = await refusal(text);
    expect(code).toBe('usage.recipe');
    expect(parameters).toMatchObject({ path: 'r.yaml', line, column, fault });
  });

  it('reads an empty recipe, and one of every form', async () => {
    expect(await readRecipe('', 'r.yaml')).toEqual({});
    expect(
      await readRecipe('packages: [a, a=1.0, "a:{libs}", { name: a, keep: [/x] }]\nports: [80, 53/udp]', 'r'),
    ).toEqual({
      packages: ['a', 'a=1.0', 'a:{libs}', { name: 'a', keep: ['/x'] }],
      ports: [80, '53/udp'],
    });
  });

  it('does not unfold aliases without end', async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `x${n + 1}: &x${n + 1} [*x${n},*x${n},*x${n},*x${n}]`);
    expect((await refusal(`x0: &x0 [a]\n${levels.join('\n')}`)).code).toBe('usage.recipe');
  });

  it('answers any text with a recipe or one refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...yamlCharacters) }), async (text) => {
        const error = await readRecipe(text, 'r').then(
          () => undefined,
          (cause: unknown) => cause,
        );
        expect(error === undefined || isCinzelError(error, 'usage.recipe')).toBe(true);
      }),
      { interruptAfterTimeLimit: 2_000 },
    );
  });
});

it('publishes the schema that it reads with', async () => {
  const file = new URL('../../../schemas/build.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(documentJsonSchema(recipeSchema))));
});
