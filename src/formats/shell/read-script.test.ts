import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Word } from './model.ts';
import { readScript } from './read-script.ts';

/** Commands with variables as `$NAME` and what is computed as `?`. */
function commands(text: string): readonly string[] {
  return readScript(text).commands.map(({ words }) => words.map(show).join(' '));
}

function show(word: Word): string {
  return word
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'variable' ? `$${part.name}` : '?';
    })
    .join('');
}

describe('readScript', () => {
  it.each([
    ['echo a; ls -l && cat "b c" || true', ['echo a', 'ls -l', 'cat b c', 'true']],
    ['if [ -f /x ]; then run; else stop; fi', ['[ -f /x ]', 'run', 'stop']],
    ['while read -r f; do "$f"; done < list', ['read -r f', '$f', '']],
    ['for x in a b "c"; do echo $x; done', ['echo $x']],
    ['a() { inner "$1"; }\nfunction b { deep; }\na', ['inner $1', 'deep', 'a']],
    ['x=$(date +%s); y=`whoami`; echo "$x$(id -u)"', ['date +%s', '', 'whoami', '', 'id -u', 'echo $x?']],
    ['cat <<EOF > /out\nrm -rf $HOME\nEOF\nnext', ['cat', 'next']],
    ["cat <<-'END'\n\tnoise\n\tEND\nnext", ['cat', 'next']],
    ['# comment\nrun # more\nrun2#no', ['run', 'run2#no']],
    ['exec "$@"', ['exec $@']],
    ['run \\\n  --flag', ['run --flag']],
    ["echo 'it''s' \\$HOME", ['echo its $HOME']],
    ['echo $((1 + 2)) $' + '{#x} $' + '{y%.sh}', ['echo ? ? $y']],
    ['(cd /x && make) | tee log', ['cd /x', 'make', 'tee log']],
    ['2>/dev/null run 3<&1', ['run']],
    ['diff <(sort a) <(sort b)', ['sort a', 'sort b', 'diff']],
  ])('reads %j', (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  it('reads the lists of cases, nested ones too, and not their patterns', () => {
    const text = `case "$1" in
  start|"run it") begin ;;
  (stop) finish; case $2 in now) kill ;; esac ;;
  *) usage "esac" ;; # esac
esac
after`;
    expect(commands(text)).toEqual(['begin', 'finish', 'kill', 'usage esac', 'after']);
  });

  it('keeps assignments, loops and fallbacks', () => {
    const { commands: list, loops } = readScript(
      'A=1 B="$C" run; D=(x y)\nfor f in /a/*.sh; do . "$f"; done; $' + '{E:-sh}',
    );
    expect(list[0]?.assignments.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(list[1]?.assignments[0]?.value.map(show)).toEqual(['x', 'y']);
    expect(loops.map(({ name, words }) => [name, ...words.map(show)])).toEqual([['f', '/a/*.sh']]);
    const [part] = list.at(-1)?.words[0] ?? [];
    expect(part?.kind === 'variable' && part.fallback && show(part.fallback)).toBe('sh');
  });

  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      '$(',
      ')',
      '`',
      '"',
      "'",
      '${',
      '}',
      'case ',
      ' in ',
      'esac',
      ';;',
      '<<',
      '\n',
      'x',
      '\\',
      '(',
      '$((',
      '#',
      '&',
      '=(',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        readScript(parts.join(''));
      }),
      { numRuns: 1000 },
    );
    readScript('$('.repeat(100_000));
    readScript('case x in a) '.repeat(2_000));
  });
});
