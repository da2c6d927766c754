import fc from 'fast-check';
import type { SchemeId } from '../scheme.ts';

const preReleases = ['-alpha', '-alpha.1', '-beta.2', '-rc.1', '-rc1', '-0', '-1', '-10', '-a-b', '-A', '-0a', '--'];

/** Ordinary and nasty versions of every scheme, most of them valid. */
export const versionArbitraries: Readonly<Record<SchemeId, fc.Arbitrary<string>>> = {
  deb: sequence(
    optional(['0:', '1:', '2:', '10:']),
    numbers(),
    pieces(['a', 'b', 'rc', 'Z', '~', '~~', '+', '.', '-', ':', '~rc1', '+dfsg', '+really', '0', '00', '1', '9', '10']),
    optional(['-0', '-1', '-1+b1', '-2~bpo12+1', '-1ubuntu0.1', '-1+deb12u2', '-01', '-a', '-~']),
  ),
  apk: sequence(
    numbers(),
    optional(['a', 'b', 'z']),
    pieces(['_alpha', '_beta', '_pre', '_rc', '_cvs', '_svn', '_git', '_hg', '_p', '_p1', '_p0', '_git20240101'], 2),
    optional(['1', '02', '10', '~0a1b', '~ff']),
    optional(['-r0', '-r1', '-r9', '-r10', '-r01']),
  ),
  rpm: sequence(
    optional(['0:', '1:', '2:', ':']),
    numbers(),
    pieces([
      'a',
      'b',
      'rc',
      'Z',
      '~',
      '^',
      '~~',
      '^^',
      '.',
      '_',
      '+',
      '~rc1',
      '^git2',
      '^20240101',
      '0',
      '00',
      '1',
      '10',
    ]),
    optional(['-1', '-2.el8', '-2.el8_10.1', '-1.fc40', '-1~beta', '-1^post', '-0', '-01']),
  ),
  semver: sequence(
    release(3),
    optional(preReleases),
    pieces(['.0', '.1', '.10', '.a', '.beta', '.x-y', '.-', '.1a'], 2),
    optional(['+build', '+1', '+a.b.01']),
  ),
  pep440: sequence(
    optional(['0!', '1!', 'v']),
    numbers(),
    optional(['a1', 'a', 'b2', 'rc1', 'c2', '.alpha.1', '-beta', '_preview3', 'RC4', 'pre']),
    optional(['.post1', '.post', '-1', '-0', '.rev2', 'r3', '_post_4']),
    optional(['.dev0', '.dev', 'dev1', '-dev2', '_dev_3']),
    optional(['+local', '+1', '+1.2', '+1-a', '+a_b', '+ubuntu.1', '+01', '+0.A']),
  ),
  gem: sequence(
    numbers(),
    pieces(['.a', '.b1', '.rc', '.pre', '.0', '.00', '.1', '.10', '.beta2', '.A', '.1a', '.a0']),
    optional(['-1', '-a.0', '-x-y', '-java']),
  ),
  composer: sequence(
    optional(['v']),
    fc.oneof(
      { weight: 5, arbitrary: release(4) },
      fc.constantFrom('1.x', '2.1.*', '20240102', '2024.01.02.03.04', '2024-01-02'),
    ),
    optional([
      '-alpha1',
      'a',
      '-beta.2',
      'b3',
      '.RC',
      '-rc10',
      '-stable',
      '-p1',
      'pl2',
      '_patch-3',
      '-beta1.2',
      '-alpha-1.0',
    ]),
    optional(['-dev', '.dev', 'dev']),
    optional(['+build.1']),
  ),
  maven: sequence(
    numbers(),
    pieces(
      [
        '-alpha',
        '-beta1',
        '.a1',
        '-m2',
        '-rc1',
        '-cr',
        '-SNAPSHOT',
        '-sp',
        '-ga',
        '.Final',
        '.RELEASE',
        '-foo',
        '.Alpha2',
        'x',
      ].concat(['-1', '.1', '-0', '.0', '-', '.', '-jre', '-20240101', '.v2']),
      3,
    ),
  ),
  nuget: sequence(
    fc.oneof(release(3), release(4)),
    optional(preReleases.concat('-Alpha', '-RC.2')),
    optional(['.1', '.10', '.Beta']),
    optional(['+b']),
  ),
  go: sequence(
    optional(['v']),
    release(3),
    optional(preReleases.concat('-0.20240101000000-0123456789ab', '-pre.0.20240102000000-0123456789ab')),
    optional(['+incompatible']),
  ),
};

/** A version and another that is either unrelated or differs from it by one edit. */
export function versionPairs(id: SchemeId): fc.Arbitrary<readonly [string, string]> {
  const version = versionArbitraries[id];
  const edited = fc
    .tuple(version, fc.nat(), fc.nat(2), fc.constantFrom(...edits))
    .map(([text, position, removed, added]): readonly [string, string] => {
      const at = position % (text.length + 1);
      return [text, text.slice(0, at) + added + text.slice(at + removed)];
    });
  return fc.oneof(fc.tuple(version, version), edited);
}

const edits = ['', '0', '1', '9', '10', '.', '-', '~', '^', '_', '+', 'a', 'b', 'rc', 'A', '.0', '-1'];

function sequence(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

function optional(choices: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom(...choices) });
}

function pieces(choices: readonly string[], most = 4): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...choices), { maxLength: most }).map((texts) => texts.join(''));
}

/** One to four dotted numbers, some with leading zeros. */
function numbers(): fc.Arbitrary<string> {
  const part = fc.constantFrom('0', '1', '2', '9', '10', '00', '01', '010', '20240101', '18446744073709551');
  return fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
}

/** Dotted numbers without leading zeros. */
function release(parts: number): fc.Arbitrary<string> {
  const part = fc.constantFrom('0', '1', '2', '9', '10', '11', '99999');
  return fc.array(part, { minLength: parts, maxLength: parts }).map((texts) => texts.join('.'));
}
