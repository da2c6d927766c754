import { describe, expect, it } from 'vitest';
import { parseChangelog } from '../../../repositories/apt/changelog.ts';
import { versionSchemes } from '../../../versions/index.ts';
import { analyseChangelog, type ChangelogAnalysis } from './analysis.ts';

function entry(version: string, ...lines: string[]): string {
  return `example (${version}) bookworm; urgency=medium\n\n${lines.map((line) => `  * ${line}\n`).join('')}\n -- A <a@example.com>  Mon, 01 Jul 2024 10:00:00 +0000\n\n`;
}

function analyse(text: string, installed: string, newest: string): ChangelogAnalysis {
  return analyseChangelog(parseChangelog(text), { installed, newest }, versionSchemes.deb);
}

function fixed(analysis: ChangelogAnalysis): Record<string, string[]> {
  return Object.fromEntries(analysis.fixes.map(({ id, entries }) => [id, entries.map(({ version }) => version)]));
}

const changelog =
  entry('1:2.0-1+deb12u3', 'Fix CVE-2024-0003', 'Fix regression of CVE-2024-0002') +
  entry('1:2.0-1+deb12u2', 'Fix CVE-2024-0002, and CVE-2024-0001 again') +
  entry('1:2.0-1+deb12u1', 'Fix CVE-2024-0001', 'This version is not affected by CVE-2024-0009') +
  entry('1:2.0-1~rc1', 'Fix CVE-2024-0004') +
  entry('1.9-1', 'Fix CVE-2024-0005');

describe('analyseChangelog', () => {
  it('counts entries above the installed version, up to the newest', () => {
    expect(fixed(analyse(changelog, '1:2.0-1', '1:2.0-1+deb12u2'))).toEqual({
      'CVE-2024-0001': ['1:2.0-1+deb12u1', '1:2.0-1+deb12u2'],
      'CVE-2024-0002': ['1:2.0-1+deb12u2'],
    });
  });

  it('does not count the entry of the installed version itself', () => {
    expect(fixed(analyse(changelog, '1:2.0-1+deb12u2', '1:2.0-1+deb12u3'))).toEqual({
      'CVE-2024-0003': ['1:2.0-1+deb12u3'],
    });
  });

  it('compares versions as dpkg does, with epoch and tilde', () => {
    expect(Object.keys(fixed(analyse(changelog, '3.0-1', '1:2.0-1+deb12u3')))).toContain('CVE-2024-0004');
    expect(Object.keys(fixed(analyse(changelog, '1:2.0-1~rc1', '1:2.0-1+deb12u3')))).not.toContain('CVE-2024-0004');
  });

  it('keeps apart what no entry clearly fixes', () => {
    expect(analyse(changelog, '1:2.0-1', '1:2.0-1+deb12u3').unclear).toEqual([
      {
        id: 'CVE-2024-0009',
        version: '1:2.0-1+deb12u1',
        line: 'This version is not affected by CVE-2024-0009',
      },
    ]);
  });

  it('lets one clear mention in an entry count', () => {
    const text = entry('2', 'Drop CVE-2024-0001.patch', 'Fix CVE-2024-0001 in another way');
    expect(analyse(text, '1', '2')).toMatchObject({ fixes: [{ id: 'CVE-2024-0001' }], unclear: [] });
  });

  it('says where a changelog was cut off when entries are missing that should count', () => {
    const cut = `${entry('3', 'x')}${entry('2', 'y')}# Older entries have been removed from this changelog.\n`;
    expect(analyse(cut, '1', '3').cutAt).toBe('2');
    expect(analyse(cut, '2', '3').cutAt).toBeUndefined();
    expect(analyse(entry('2', 'y'), '1', '2').cutAt).toBeUndefined();
  });

  it('finds nothing where the installed version is the newest', () => {
    expect(analyse(changelog, '1:2.0-1+deb12u3', '1:2.0-1+deb12u3')).toEqual({ fixes: [], unclear: [] });
  });
});
