import { describe, expect, it } from 'vitest';
import { type ErrorCode, isCinzelError } from '../../../core/errors.ts';
import { errors as english } from '../../../i18n/en/errors.ts';
import { errors as portuguese } from '../../../i18n/pt-BR/errors.ts';
import { solve } from './solve.ts';
import { type Described, packagesOf, sourceOf } from './testing/packages.ts';

function solved(wanted: string, described: Described): readonly string[] {
  return solve(wanted.split(' '), sourceOf(packagesOf(described)), { architecture: 'amd64' })
    .map(({ package: { name, version } }) => (version === '1' ? name : `${name} ${version}`))
    .sort();
}

function failure(wanted: string, described: Described): { readonly en: string; readonly pt: string } {
  try {
    solved(wanted, described);
  } catch (error) {
    if (!isCinzelError(error, 'usage.unsatisfiable')) throw error;
    expect(error.exitCode).toBe(2);
    return {
      en: english[error.code](error.parameters).message,
      pt: portuguese[error.code](error.parameters).message,
    };
  }
  throw new Error('it found a set');
}

function codeOf(run: () => unknown): ErrorCode | undefined {
  try {
    run();
  } catch (error) {
    if (isCinzelError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe('what is chosen', () => {
  it.each<[string, string, Described, readonly string[]]>([
    [
      'what is needed, and what that needs',
      'a',
      { a: { depends: 'b' }, b: { preDepends: 'c' }, c: {}, d: {} },
      ['a', 'b', 'c'],
    ],
    ['a circle', 'a', { a: { depends: 'b' }, b: { depends: 'a' } }, ['a', 'b']],
    ['nothing that is only essential', 'a', { a: {}, base: { essential: true } }, ['a']],
    ['the newest version', 'a', { 'a 1': {}, 'a 3': {}, 'a 2': {} }, ['a 3']],
    [
      'an older version where only that fits',
      'a',
      { a: { depends: 'b (<< 2)' }, 'b 1.5': {}, 'b 2': {} },
      ['a', 'b 1.5'],
    ],
    [
      'the candidate of a later alternative before an older version',
      'a',
      { a: { depends: 'b (<< 2) | c' }, 'b 1.5': {}, 'b 2': {}, c: {} },
      ['a', 'c'],
    ],
    ['the first alternative', 'a', { a: { depends: 'b | c' }, b: {}, c: {} }, ['a', 'b']],
    ['the alternative that is there already', 'a', { a: { depends: 'c, b | c' }, b: {}, c: {} }, ['a', 'c']],
    ['the alternative that the request names', 'a c', { a: { depends: 'b | c' }, b: {}, c: {} }, ['a', 'c']],
    [
      'the first alternative even if another comes in later',
      'a',
      { a: { depends: 'b | c, d' }, b: {}, c: {}, d: { depends: 'c' } },
      ['a', 'b', 'c', 'd'],
    ],
    [
      'a package of the name before one that provides it',
      'a',
      { a: { depends: 'v' }, p: { provides: 'v', priority: 'required' }, v: {} },
      ['a', 'v'],
    ],
    [
      'an essential provider',
      'a',
      { a: { depends: 'v' }, p: { provides: 'v', essential: true }, q: { provides: 'v', priority: 'required' } },
      ['a', 'p'],
    ],
    [
      'a provider of higher priority',
      'a',
      { a: { depends: 'v' }, p: { provides: 'v', priority: 'standard' }, q: { provides: 'v' } },
      ['a', 'p'],
    ],
    [
      'the provider that the index names last',
      'a',
      { a: { depends: 'v' }, p: { provides: 'v' }, q: { provides: 'v' } },
      ['a', 'q'],
    ],
    [
      'a provider of a fitting version',
      'a',
      { a: { depends: 'v (>= 2)' }, p: { provides: 'v (= 2)' }, q: { provides: 'v (= 1)' }, r: { provides: 'v' } },
      ['a', 'p'],
    ],
    [
      'what does not conflict',
      'a',
      { a: { depends: 'b | c, d' }, b: {}, c: {}, d: { conflicts: 'b' } },
      ['a', 'c', 'd'],
    ],
    [
      'what is not broken',
      'a',
      { a: { depends: 'b | c, d' }, b: {}, c: {}, d: { breaks: 'b (<< 2)' } },
      ['a', 'c', 'd'],
    ],
    [
      'a version that is not broken',
      'a',
      { a: { depends: 'b, d' }, 'b 2': { conflicts: 'd' }, 'b 1.5': {}, d: {} },
      ['a', 'b 1.5', 'd'],
    ],
    ['what provides what it conflicts with', 'a', { a: { provides: 'v', conflicts: 'v' } }, ['a']],
    [
      'an alternative whose needs can be met',
      'a',
      { a: { depends: 'b | c' }, b: { depends: 'gone' }, c: {} },
      ['a', 'c'],
    ],
    [
      'around a conflict some steps deep',
      'a z',
      {
        a: { depends: 'b | c' },
        b: { depends: 'd | e' },
        c: {},
        d: { depends: 'f' },
        e: { conflicts: 'z' },
        f: { conflicts: 'z' },
        z: {},
      },
      ['a', 'c', 'z'],
    ],
    ['a version that the request names', 'a=1.5', { 'a 1.5': {}, 'a 2': {} }, ['a 1.5']],
    ['a suite that the request names', 'a/old', { 'a 1.5': { suite: 'old' }, 'a 2': {} }, ['a 1.5']],
    ['a virtual package by its only provider', 'v', { p: { provides: 'v' } }, ['p']],
    [
      'packages for all architectures',
      'a',
      { a: { architecture: 'all', depends: 'b:amd64' }, b: { architecture: 'all' } },
      ['a', 'b'],
    ],
    ['`any` where it is allowed', 'a', { a: { depends: 'b:any | c' }, b: {}, c: { multiArch: 'allowed' } }, ['a', 'c']],
    ['`any` of a package that allows it', 'a', { a: { depends: 'b:any' }, b: { multiArch: 'allowed' } }, ['a', 'b']],
    ['`native`', 'a', { a: { depends: 'b:native' }, b: {} }, ['a', 'b']],
  ])('%s', (_, wanted, described, expected) => {
    expect(solved(wanted, described)).toEqual(expected);
  });

  it('goes by the order of the request, as apt does', () => {
    const described: Described = { a: { depends: 'v | x' }, b: { depends: 'x' }, v: {}, x: {} };
    expect(solved('a b', described)).toEqual(['a', 'b', 'v', 'x']);
    expect(solved('b a', described)).toEqual(['a', 'b', 'x']);
  });

  it('takes the version that its source wants first, and another where only that fits', () => {
    const source = sourceOf(packagesOf({ 'a 1': {}, 'a 2': {}, b: { depends: 'a (>= 2)' }, c: { depends: 'v' } }));
    const pinned = { ...source, versionsOf: (name: string) => source.versionsOf(name).toReversed() };
    const chosen = (wanted: string): readonly string[] =>
      solve([wanted], pinned, { architecture: 'amd64' }).map(({ package: { name, version } }) => `${name} ${version}`);
    expect(chosen('a')).toEqual(['a 1']);
    expect(chosen('b')).toEqual(['a 2', 'b 1']);
  });

  it('puts what is needed first and says who wanted it', () => {
    const source = sourceOf(packagesOf({ a: { depends: 'b (>= 1), c' }, b: { depends: 'c' }, c: {} }));
    const told = solve(['a'], source, { architecture: 'amd64' }).map(
      ({ package: { name }, wantedBy, need }) => `${name} <- ${wantedBy}: ${need}`,
    );
    expect(told).toEqual(['c <- b: c', 'b <- a: b (>= 1)', 'a <- undefined: a']);
  });
});

describe('why nothing can be chosen', () => {
  it.each<[string, string, Described, string, string]>([
    [
      'a package that is not there',
      'a',
      {},
      'No set of packages meets the request: the request needs a, which nothing provides.',
      'Nenhum conjunto de pacotes atende ao pedido: o pedido precisa de a, que nada fornece.',
    ],
    [
      'a chain that ends in a version that is not there',
      'a',
      { a: { depends: 'b (>= 1)' }, b: { depends: 'c (>= 2)' }, c: {} },
      'No set of packages meets the request: a needs b (>= 1), which needs c (>= 2), of which there is only c 1.',
      'Nenhum conjunto de pacotes atende ao pedido: a precisa de b (>= 1), que precisa de c (>= 2), de que só há c 1.',
    ],
    [
      'alternatives that conflict with the request',
      'a e',
      { a: { depends: 'b' }, b: { depends: 'c | d' }, c: { conflicts: 'e' }, d: { breaks: 'e (<< 2)' }, e: {} },
      'No set of packages meets the request: a needs b, which needs c | d; c conflicts with e, which the request ' +
        'needs; d conflicts with e (<< 2), which the request needs.',
      'Nenhum conjunto de pacotes atende ao pedido: a precisa de b, que precisa de c | d; c conflita com e, de que o ' +
        'pedido precisa; d conflita com e (<< 2), de que o pedido precisa.',
    ],
    [
      'a conflict with what another provides',
      'a',
      { a: { depends: 'b, c' }, b: { conflicts: 'v' }, c: { provides: 'v' } },
      'No set of packages meets the request: a needs b; a needs c; b conflicts with v, which c is or provides, which ' +
        'a needs.',
      'Nenhum conjunto de pacotes atende ao pedido: a precisa de b; a precisa de c; b conflita com v, que c é ou ' +
        'fornece, de que a precisa.',
    ],
    [
      'two versions of one package',
      'a=2 b',
      { 'a 1': {}, 'a 2': {}, b: { depends: 'a (<< 2)' } },
      'No set of packages meets the request: b needs a (<< 2), of which there is only a 2.',
      '',
    ],
  ])('%s', (_, wanted, described, en, pt) => {
    const told = failure(wanted, described);
    expect(told.en).toBe(en);
    if (pt !== '') expect(told.pt).toBe(pt);
  });

  it.each(['', 'a b', 'A', '../x', 'a=', 'a=1=2', 'a\n', '-y', 'a|b'])('a request that makes no sense: %j', (text) => {
    expect(codeOf(() => solve([text], sourceOf([]), { architecture: 'amd64' }))).toBe('usage.value');
  });
});
