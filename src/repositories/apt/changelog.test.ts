import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseChangelog } from './changelog.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-changelog-'));
afterAll(() => rmSync(folder, { recursive: true }));

const example = `example (1:2.0-1+deb12u2) bookworm-security; urgency=High, binary-only=yes

  * Non-maintainer upload by the Security Team.
  * Fix a use after free
    (CVE-2024-0001)

 -- A Person <person@example.com>  Mon, 01 Jul 2024 10:00:00 +0200

example (1:2.0-1) unstable experimental; urgency=medium

  [ Somebody ]
  * New upstream release.

 -- Another <another@example.com>  Sun, 01 Jan 2023 10:00:00 +0000
`;

describe('parseChangelog', () => {
  it('reads headers, lines and trailers', () => {
    expect(parseChangelog(example)).toEqual({
      trimmed: false,
      entries: [
        {
          source: 'example',
          version: '1:2.0-1+deb12u2',
          distributions: ['bookworm-security'],
          urgency: 'high',
          lines: [
            '',
            '  * Non-maintainer upload by the Security Team.',
            '  * Fix a use after free',
            '    (CVE-2024-0001)',
            '',
          ],
          date: 'Mon, 01 Jul 2024 10:00:00 +0200',
        },
        {
          source: 'example',
          version: '1:2.0-1',
          distributions: ['unstable', 'experimental'],
          urgency: 'medium',
          lines: ['', '  [ Somebody ]', '  * New upstream release.', ''],
          date: 'Sun, 01 Jan 2023 10:00:00 +0000',
        },
      ],
    });
  });

  it('knows that older entries were cut off', () => {
    const text = `${example}\n# Older entries have been removed from this changelog.\n# To read the complete changelog use \`apt changelog example\`.\n`;
    expect(parseChangelog(text).trimmed).toBe(true);
    expect(parseChangelog(text).entries).toHaveLength(2);
  });

  it.each([
    ['emacs variables after the last entry', `${example}\nLocal variables:\nmode: debian-changelog\nEnd:\n`],
    ['carriage returns', example.replaceAll('\n', '\r\n')],
    ['a blank line before the first entry', `\n\n${example}`],
    ['the dated notes of before 1996', `${example}\nSun Jul  7 1996 Somebody <s@example.com>\n\n  * foo (0.1) entry\n`],
  ])('takes %s', (_, text) => {
    expect(parseChangelog(text).entries).toEqual(parseChangelog(example).entries);
  });

  it.each([
    ['a header without urgency', 'old (1.0) unstable\n\n  * x\n\n -- A <a@example.com>  date\n', ['1.0']],
    ['a missing trailer', 'a (2) sid; urgency=low\n\n  * x\n\na (1) sid; urgency=low\n\n  * y\n', ['2', '1']],
    ['a capital in the name', 'Webkit2gtk (2.10.2+dfsg1-1) unstable; urgency=medium\n\n  * x\n', ['2.10.2+dfsg1-1']],
    ['an empty file', '', []],
    ['another text', 'Release notes\n\nVersion 1.2 (2020)\n  * fixes\n', []],
    ['a header that is indented', '  a (2) sid; urgency=low\n', []],
  ])('reads %s', (_, text, versions) => {
    expect(parseChangelog(text).entries.map((entry) => entry.version)).toEqual(versions);
  });

  const parser = spawnSync('dpkg-parsechangelog', ['--version']).status === 0;
  it.skipIf(!parser && !process.env['CI'])('finds the entries that dpkg-parsechangelog finds', () => {
    const path = join(folder, 'changelog');
    writeFileSync(path, example);
    const all = spawnSync('dpkg-parsechangelog', ['-l', path, '--all', '--format', 'rfc822'], { encoding: 'utf8' });
    const field = (name: string): string[] =>
      [...all.stdout.matchAll(new RegExp(`^${name}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
    const { entries } = parseChangelog(example);
    expect(entries.map((entry) => entry.version)).toEqual(field('Version'));
    expect(entries.map((entry) => entry.date)).toEqual(field('Date'));
    expect(entries.map((entry) => entry.distributions.join(' '))).toEqual(field('Distribution'));
    expect(entries.map((entry) => entry.urgency)).toEqual(field('Urgency'));
  });

  it('takes any text, cut anywhere', () => {
    for (let cut = 0; cut < example.length; cut += 7) parseChangelog(example.slice(0, cut));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(example.length), (noise, at) => {
        const { entries } = parseChangelog(example.slice(0, at) + noise + example.slice(at));
        for (const entry of entries) expect(entry.version).not.toMatch(/\s/);
      }),
      { seed: 6 },
    );
  });

  it('reads a hostile line of a million characters in linear work', () => {
    const { entries } = parseChangelog(`${'a'.repeat(500_000)} (${'('.repeat(500_000)}\n${example}`);
    expect(entries).toHaveLength(2);
  });
});
