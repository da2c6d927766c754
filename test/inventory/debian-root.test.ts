import { execFileSync } from 'node:child_process';
import { PackageURL } from 'packageurl-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareText } from '../../src/core/compare-text.ts';
import type { Package } from '../../src/inventory/model.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { type DebianRoot, debianRoot } from './debian-root.ts';
import { canMakeRoot } from './made-root.ts';
import { normalPythonName, sbomOf } from './sbom-of.ts';

const states: Readonly<Record<string, string>> = { hold: 'hi', unpacked: 'iU' };

function deb({ name, version, architecture, source, state }: Package): string {
  const abbreviation = state === undefined ? 'ii' : states[state];
  return [name, version, architecture, source?.name, source?.version, abbreviation].join(' ');
}

function showFormat(fields: readonly string[], separator: string): string {
  return `${fields.map((field) => `\${${field}}`).join(separator)}\n`;
}

describe.skipIf(!canMakeRoot())('the inventory of a Debian root filesystem', () => {
  let root: DebianRoot;
  let sbom: ScanResult;
  const dpkgQuery = (...args: readonly string[]): string =>
    execFileSync('dpkg-query', [`--admindir=${root.database}`, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const ofType = (type: string): readonly Package[] => sbom.packages.filter((item) => item.type === type);

  beforeAll(async () => {
    root = await debianRoot();
    sbom = await sbomOf(root.reference);
  }, 1_200_000);

  it('has the packages that dpkg-query lists, with versions, architectures, sources and states', () => {
    const fields = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'db:Status-Abbrev'];
    const listed = dpkgQuery('-W', '-f', showFormat(fields, ' '))
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/ (?:rc|un)$/.test(line));
    expect(listed.length).toBeGreaterThanOrEqual(600);
    expect(ofType('deb').map(deb).sort(compareText)).toEqual(listed.sort(compareText));
  });

  it('says what was compiled in, as dpkg-query does', () => {
    const listed = dpkgQuery('-W', '-f', showFormat(['Package', 'Built-Using', 'Static-Built-Using'], '\t'))
      .split('\n')
      .map((line) => line.replace(/\t+/g, '\t').trim())
      .filter((line) => line.includes('\t'));
    const said = ofType('deb').flatMap(({ name, builtUsing }) => {
      const sources = builtUsing?.map((source) => `${source.name} (= ${source.version})`).join(', ');
      return sources === undefined ? [] : [`${name}\t${sources}`];
    });
    expect(said.sort(compareText)).toEqual(listed.sort(compareText));
    expect(said.length).toBeGreaterThan(0);
  });

  it('has purls that the reference implementation reads and writes alike', () => {
    for (const { purl, type, name, version, architecture } of sbom.packages) {
      const parsed = PackageURL.fromString(purl);
      // It leaves the plus sign as it is, which the specification does not.
      expect(parsed.toString().replaceAll('+', '%2B')).toBe(purl);
      expect(parsed.version).toBe(version);
      if (type !== 'deb') continue;
      expect([parsed.namespace, parsed.name]).toEqual(['debian', name]);
      expect(parsed.qualifiers).toEqual({ arch: architecture, distro: 'debian-12' });
    }
  });

  it.each([
    ['npm', 300],
    ['pypi', 20],
  ])('links every %s package to the Debian package that owns it, and counts none twice', (type, least) => {
    const found = ofType(type);
    expect(found.length).toBeGreaterThan(least);
    expect(sbom.summary.packages).not.toHaveProperty(type);
    const names = new Map(sbom.packages.map(({ id, name }) => [id, name]));
    const paths = found.map(({ evidence }) => evidence[0].path);
    const owners = new Map(
      dpkgQuery('-S', ...paths)
        .split('\n')
        .map((line) => line.split(': ') as [string, string])
        .map(([owner, path]) => [path, owner.replace(/:\w+$/, '')]),
    );
    const linked = found.map(({ ownedBy = '', evidence }) => [evidence[0].path, names.get(ownedBy)]);
    expect(linked).toEqual(paths.map((path) => [path, owners.get(path)]));
  });

  it("has the Python distributions that pip lists in Debian's folder", () => {
    const json = execFileSync('python3', ['-m', 'pip', 'list', '--format=json', '--path', root.python], {
      encoding: 'utf8',
    });
    const listed = (JSON.parse(json) as { name: string; version: string }[]).map(
      ({ name, version }) => `${normalPythonName(name)} ${version}`,
    );
    const found = ofType('pypi')
      .filter(({ evidence }) => /^\/usr\/lib\/python3\/dist-packages\/[^/]+(?:\/[^/]+)?$/.test(evidence[0].path))
      .map(({ name, version }) => `${normalPythonName(name)} ${version}`);
    expect(found.sort(compareText)).toEqual(listed.sort(compareText));
  });

  it('knows the licences of nearly all packages, as SPDX expressions', () => {
    const debs = ofType('deb');
    const known = debs.filter(({ licenses }) => licenses.some((license) => !license.includes('LicenseRef-')));
    expect(known.length / debs.length).toBeGreaterThan(0.97);
  });
});
