import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CinzelError } from '../../../core/errors.ts';
import { offerFits, parseApkRelation, parseOffers, words } from '../relation.ts';
import { apkSourceOf, apksOf, type DescribedApks } from '../testing/apk-packages.ts';
import { solveApk } from './solve.ts';

function names(world: readonly string[], described: DescribedApks): readonly string[] {
  return solveApk(world, apkSourceOf(described))
    .map(({ package: { name, version } }) => `${name} ${version}`)
    .toSorted();
}

const libraries: DescribedApks = {
  'app 1.0-r0': { D: 'so:libz.so.1 musl>=1.2' },
  'zlib 1.3-r0': { p: 'so:libz.so.1=1.3', D: 'musl' },
  'musl 1.2.5-r0': { p: 'so:libc.musl-x86_64.so.1=1' },
};

describe('the packages of a world', () => {
  it.each<[string, readonly string[], DescribedApks, readonly string[]]>([
    ['follow libraries and versions', ['app'], libraries, ['app 1.0-r0', 'musl 1.2.5-r0', 'zlib 1.3-r0']],
    ['are the newest', ['a'], { 'a 1.9-r0': {}, 'a 1.10-r0': {}, 'a 1.10_rc1-r0': {} }, ['a 1.10-r0']],
    ['have the version that is asked for', ['a=1.9-r0'], { 'a 1.9-r0': {}, 'a 1.10-r0': {} }, ['a 1.9-r0']],
    ['fit a version in part', ['a~1.2'], { 'a 1.2.3-r0': {}, 'a 1.20-r0': {} }, ['a 1.2.3-r0']],
    ['fit =~ as well', ['a=~1.2'], { 'a 1.2.3-r0': {}, 'a 1.20-r0': {} }, ['a 1.2.3-r0']],
    ['fit bounds', ['a<2', 'a>=1.1'], { 'a 1.0': {}, 'a 1.1': {}, 'a 2': {} }, ['a 1.1']],
    ['come by command', ['cmd:vi'], { 'vim 9': { p: 'cmd:vi=9' } }, ['vim 9']],
    ['come by pkg-config name', ['b'], { 'b 1': { D: 'pc:zlib>=1.2' }, 'z 1': { p: 'pc:zlib=1.3' } }, ['b 1', 'z 1']],
    [
      'are of the provider of the newest version',
      ['java'],
      { 'jre17 1': { p: 'java=17' }, 'jre21 1': { p: 'java=21' } },
      ['jre21 1'],
    ],
    [
      'are of the provider with the higher priority',
      ['sh'],
      { 'a 1': { p: 'sh', k: '10' }, 'b 1': { p: 'sh', k: '100' }, 'c 1': { p: 'sh' } },
      ['b 1'],
    ],
    [
      'are of the provider that is there already',
      ['app', 'c'],
      { 'app 1': { D: 'sh' }, 'b 1': { p: 'sh', k: '100' }, 'c 1': { p: 'sh' } },
      ['app 1', 'c 1'],
    ],
    [
      'are of the newest build where nothing else decides',
      ['sh'],
      { 'a 1': { p: 'sh', t: '10' }, 'b 1': { p: 'sh', t: '20' } },
      ['b 1'],
    ],
    [
      'are of the origin of who needs them',
      ['app'],
      { 'app 1': { D: 'sh', o: 'x' }, 'b 1': { p: 'sh', k: '100' }, 'c 1': { p: 'sh', o: 'x' } },
      ['app 1', 'c 1'],
    ],
    [
      'step back from what conflicts',
      ['a'],
      { 'a 1': { D: 'sh' }, 'b 1': { p: 'sh', k: '9', D: '!a' }, 'c 1': { p: 'sh' } },
      ['a 1', 'c 1'],
    ],
    [
      'have one provider of a version only',
      ['a', 'b'],
      { 'a 1': { D: 'so:x' }, 'b 1': { p: 'so:x=2' }, 'c 1': { p: 'so:x=3' } },
      ['a 1', 'b 1'],
    ],
    ['may have two providers without version', ['a', 'b'], { 'a 1': { p: 'v' }, 'b 1': { p: 'v' } }, ['a 1', 'b 1']],
    [
      'step back to an older version',
      ['a', 'b'],
      { 'a 1': { D: 'c=1' }, 'b 2': { D: 'c=2' }, 'b 1': { D: 'c' }, 'c 1': {}, 'c 2': {} },
      ['a 1', 'b 1', 'c 1'],
    ],
    [
      'leave out what the world forbids',
      ['a', '!b'],
      { 'a 1': { D: 'sh' }, 'b 1': { p: 'sh', k: '9' }, 'c 1': { p: 'sh' } },
      ['a 1', 'c 1'],
    ],
    [
      'bring what their set calls for',
      ['a', 'b'],
      { 'a 1': {}, 'b 1': {}, 'a-b 1': { i: 'a=1 b', D: 'c' }, 'c 1': {}, 'a-d 1': { i: 'a d' } },
      ['a 1', 'a-b 1', 'b 1', 'c 1'],
    ],
    ['leave out what is called for and cannot be', ['a'], { 'a 1': {}, 'x 1': { i: 'a', D: 'nothing' } }, ['a 1']],
    [
      'call for what the called call for',
      ['a'],
      { 'a 1': {}, 'b 1': { i: 'a' }, 'c 1': { i: 'a b' } },
      ['a 1', 'b 1', 'c 1'],
    ],
    ['are not of another processor', ['a'], { 'a 2': { A: 'aarch64' }, 'a 1': { A: 'noarch' } }, ['a 1']],
    ['may need each other', ['a'], { 'a 1': { D: 'b' }, 'b 1': { D: 'a' } }, ['a 1', 'b 1']],
    ['are by checksum', ['a><Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA='], { 'a 1': {} }, ['a 1']],
  ])('%s', (_, world, described, expected) => {
    expect(names(world, described)).toEqual(expected);
  });

  it('come from a tagged repository only where the tag is named, with what they need', () => {
    const edge = { label: 'edge/main', url: 'https://example.com/edge/main', tag: 'edge' };
    const tagged = apksOf({ 'a 2': { D: 'b>=2' }, 'b 2': {}, 'c 2': {} }, edge);
    const source = apkSourceOf({ 'a 1': { D: 'b' }, 'b 1': {}, 'c 1': {} }, tagged);
    const solved = (world: readonly string[]) =>
      solveApk(world, source)
        .map(({ package: p }) => `${p.name} ${p.version}`)
        .toSorted();
    expect(solved(['a', 'c'])).toEqual(['a 1', 'b 1', 'c 1']);
    expect(solved(['a@edge', 'c'])).toEqual(['a 2', 'b 2', 'c 1']);
  });

  it.each<[readonly string[], DescribedApks, object]>([
    [['a'], {}, { kind: 'needs', what: 'a', available: [] }],
    [['a>2'], { 'a 1': {} }, { kind: 'needs', what: 'a>2', available: ['a 1'] }],
    [['a'], { 'a 1': { D: 'so:x' } }, { kind: 'needs', who: 'a', what: 'so:x', available: [] }],
    [['a', 'b'], { 'a 1': { D: '!b' }, 'b 1': {} }, { kind: 'conflicts', who: 'a', what: 'b', other: 'b' }],
    [['a', 'b'], { 'a 1': { p: 'v=1' }, 'b 1': { p: 'v=2' } }, { kind: 'conflicts', what: 'v' }],
    [['a', '!b'], { 'a 1': { D: 'b' }, 'b 1': {} }, { kind: 'needs', who: 'a', what: 'b' }],
  ])('%j cannot be met, and why is said', (world, described, step) => {
    const error = faultOf(() => solveApk(world, apkSourceOf(described)));
    expect(error).toMatchObject({ code: 'usage.unsatisfiable', exitCode: 2 });
    expect((error as CinzelError<'usage.unsatisfiable'>).parameters.steps).toContainEqual(
      expect.objectContaining(step),
    );
  });

  it.each(['', 'a=', 'a b', '!', 'a@', '=1'])('%j is no request', (text) => {
    expect(faultOf(() => solveApk([text], apkSourceOf({})))).toMatchObject({ code: 'usage.value' });
  });

  const word = fc.constantFrom('a', 'b', 'c', 'd', 'v', 'so:x', 'a>1', 'b=1', 'c<2', '!d', '!a', 'so:x=1', 'v=2');
  const field = fc.array(word, { maxLength: 3 }).map((parts) => parts.join(' '));
  const packageName = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'));
  const provided = fc
    .array(fc.constantFrom('v', 'v=1', 'v=2', 'so:x=1', 'so:x=2'), { maxLength: 2 })
    .map((parts) => parts.join(' '));
  const repository = fc
    .uniqueArray(fc.tuple(packageName, field, provided), { maxLength: 8, selector: ([key]) => key.join(' ') })
    .map((list) => Object.fromEntries(list.map(([key, D, p]) => [key.join(' '), { D, p }])));

  it('meet every rule, and are found wherever a set that does exists', () => {
    fc.assert(
      fc.property(repository, fc.constantFrom(['a'], ['a', 'b'], ['v'], ['so:x', 'c']), (described, world) => {
        const all = apksOf(described);
        const sets = Array.from({ length: 2 ** all.length }, (_, bits) =>
          all.filter((__, index) => (bits >> index) & 1),
        );
        const holds = (set: typeof all): boolean => world.every((text) => isThere(text, set)) && isSound(set);
        const fault = attempt(() =>
          solveApk(world, apkSourceOf(described)).map((one) => one.package.name + one.package.version),
        );
        if (typeof fault === 'string') return fault === 'usage.unsatisfiable' && !sets.some(holds);
        return holds(all.filter(({ name, version }) => fault.includes(name + version)));
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000 },
    );
  });
});

type Apks = ReturnType<typeof apksOf>;

function offers(set: Apks) {
  return set.flatMap((found) =>
    [{ name: found.name, version: found.version }, ...parseOffers(found.provides)].map((offer) => ({ found, offer })),
  );
}

function isThere(text: string, set: Apks, except?: Apks[number]): boolean {
  const relation = parseApkRelation(text);
  return (
    relation !== undefined &&
    offers(set).some(
      ({ found, offer }) =>
        found.name !== except?.name && offer.name === relation.name && offerFits(offer, relation, found.checksum),
    )
  );
}

/** Everything that is needed is there, nothing that is shut out, and of a name with version one provider. */
function isSound(set: Apks): boolean {
  const versioned = offers(set).filter(({ offer }) => offer.version !== undefined);
  return (
    new Set(set.map(({ name }) => name)).size === set.length &&
    versioned.every((a) => versioned.every((b) => a.found === b.found || a.offer.name !== b.offer.name)) &&
    set.every((found) =>
      words(found.depends).every((text) => (text.startsWith('!') ? !isThere(text, set, found) : isThere(text, set))),
    )
  );
}

function attempt<Value>(work: () => Value): Value | string {
  try {
    return work();
  } catch (error) {
    return error instanceof CinzelError ? error.code : String(error);
  }
}

function faultOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
