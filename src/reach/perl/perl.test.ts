import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { liveReach, missedFiles } from '../testing/live-reach.ts';
import { openedFiles } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanPerl } from './scan-perl.ts';

type Files = Readonly<Record<string, MemoryEntry>>;
const library = '/usr/share/perl/5.36';
const base: Files = {
  '/usr/bin/perl': program,
  [`${library}/strict.pm`]: '',
  '/etc/perl/Net/libnet.cfg': '',
};
const site = '/usr/share/perl5';

async function reached(files: Files, argv: readonly string[] = ['perl', 'main.pl']): Promise<readonly string[]> {
  const graph = await reachOf({ config: { entrypoint: argv, workingDir: '/srv/app' }, files: { ...base, ...files } });
  return reachedFiles(graph).filter((path) => base[path] === undefined);
}

describe('files of Perl', () => {
  it('use modules, parents, files, what was compiled for them and their data', async () => {
    const machine = '/usr/lib/x86_64-linux-gnu/perl5/5.36';
    const files: Files = {
      '/srv/app/main.pl': [
        'use FindBin; use lib "$FindBin::Bin/../share";',
        'use A::B (); use parent qw(C D::E);',
        'my $x = eval { require Late; 1 };',
        'do "$FindBin::Bin/conf.pl"; require "old.pl";',
        '=pod',
        '',
        'use No::Doc;',
        '',
        '=cut',
        '',
        '# use No::Comment;',
        '__END__',
        'use No::More;',
      ].join('\n'),
      '/srv/app/conf.pl': '',
      '/srv/share/C.pm': '',
      [`${site}/A/B.pm`]: "require XSLoader; XSLoader::load('A::B');",
      [`${machine}/auto/A/B/B.so`]: '',
      [`${machine}/auto/A/B/part.al`]: '',
      [`${site}/A/templates/x.tt`]: '',
      [`${site}/auto/share/dist/A-B/icon.png`]: '',
      [`${site}/D/E.pm`]: '',
      [`${site}/Late.pm`]: '',
      [`${site}/old.pl`]: '',
    };
    const more: Files = {
      [`${site}/A/Unused.pm`]: '',
      [`${site}/No/Doc.pm`]: '',
      [`${site}/No/Comment.pm`]: '',
      [`${site}/No/More.pm`]: '',
    };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
  });

  it('are all that a computed name may mean as far as texts tell, and that is said', async () => {
    const files: Files = {
      '/srv/app/main.pl': 'use Web;',
      [`${site}/Web.pm`]: "my $c = 'Web::Handler::' . $name;\nload_class($c);\nmy $d = 'Other::Part';",
      [`${site}/Web/Handler/One.pm`]: '',
      [`${site}/Other/Part.pm`]: '',
    };
    const graph = await reachOf({
      config: { entrypoint: ['perl', 'main.pl'], workingDir: '/srv/app' },
      files: { ...base, ...files },
    });
    expect(reachedFiles(graph)).toEqual(expect.arrayContaining(Object.keys(files)));
    expect(graph.undecided).toEqual([
      { path: `${site}/Web.pm`, problem: 'module', detail: 'load_class($c', language: 'perl' },
    ]);
  });

  it('start by first lines with options, variables and servers that are given them', async () => {
    const files: Files = {
      '/srv/app/run': { mode: 0o755, content: '#!/usr/bin/perl -w -Mextra -I/srv/own\nuse Own;' },
      [`${site}/extra.pm`]: '',
      '/srv/own/Own.pm': '',
    };
    expect(await reached(files, ['/srv/app/run'])).toEqual(Object.keys(files).sort());
    const server: Files = {
      '/usr/bin/plackup': { mode: 0o755, content: '#!/usr/bin/perl\nuse Plack::Runner;' },
      [`${site}/Plack/Runner.pm`]: '',
      [`${site}/Plack/Handler/Quick.pm`]: '',
      '/srv/app/web.psgi': 'use Page;',
      '/srv/app/lib/Page.pm': '',
    };
    expect(await reached(server, ['plackup', '-s', 'Quick', 'web.psgi'])).toEqual(Object.keys(server).sort());
  });

  it('need the data that they name, and no programs that they only name', async () => {
    const files: Files = {
      '/srv/app/main.pl': `open my $types, '<', "/etc/mime.types"; print "/usr/bin/other";`,
      '/etc/mime.types': '',
      '/usr/bin/other': { mode: 0o755, content: '' },
    };
    expect(await reached(files)).toEqual(['/etc/mime.types', '/srv/app/main.pl']);
  });

  it('leave out of the library what only developers use, unless something loads it', async () => {
    const files: Files = {
      '/srv/app/main.pl': 'use Test::More;',
      [`${library}/Carp.pm`]: '',
      [`${library}/Test/More.pm`]: '',
      [`${library}/CPAN.pm`]: '',
      [`${library}/pod/perl.pod`]: '',
    };
    expect(await reached(files)).toEqual(['/srv/app/main.pl', `${library}/Carp.pm`, `${library}/Test/More.pm`]);
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-perl-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const missing = isMissing('strace', '-V') || isMissing('perl', '-MIO::Socket', '-e', '1');

  it.skipIf(missing)('include every file that a real program opens', { timeout: 120_000 }, async () => {
    mkdirSync(join(folder, 'lib/My'), { recursive: true });
    writeFileSync(
      join(folder, 'lib/My/Util.pm'),
      'package My::Util;\nuse Time::Piece; use List::Util qw(sum);\nsub x { sum 1, 2 }\n1;\n',
    );
    writeFileSync(
      join(folder, 'main.pl'),
      'use FindBin; use lib "$FindBin::Bin/lib"; use My::Util;\nuse Encode; use POSIX qw(strftime); use JSON::PP; use IO::Socket::INET; use Storable; use Digest::SHA;\n' +
        'print encode_json({ x => My::Util::x(), e => decode("iso-8859-15", "\\xa4"), l => "\\x{e9}" =~ /\\p{Latin}/ });\n',
    );
    const traced = { argv: ['/usr/bin/perl', 'main.pl'], cwd: folder, env: { PATH: '/usr/bin:/bin' } };
    const opened = openedFiles(traced.argv, folder, traced.env);
    expect(opened.length).toBeGreaterThan(40);
    expect(missedFiles(await liveReach(traced), opened, traced)).toEqual([]);
  });
});

describe('scanPerl', () => {
  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      'use ',
      'require ',
      "'",
      '"',
      '$x',
      '::',
      '(',
      ')',
      '\n',
      '=pod\n',
      '=cut\n',
      'qw(',
      '`',
      ';',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        scanPerl(parts.join(''), '/srv/main.pl');
      }),
      { numRuns: 500 },
    );
  });
});
