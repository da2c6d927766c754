import { describe, expect, it } from 'vitest';
import { checkSupported, debianCodename, suitesOf } from './suites.ts';

describe('debianCodename', () => {
  it.each([
    [{ id: 'debian', versionId: '12' }, 'bookworm'],
    [{ id: 'debian', versionId: '11.9' }, 'bullseye'],
    [{ id: 'debian', codename: 'trixie' }, 'trixie'],
    [{ id: 'debian', versionId: '14', codename: 'forky' }, 'forky'],
    [{ id: 'debian', versionId: '7' }, undefined],
    [{ id: 'debian' }, undefined],
    [{ id: 'ubuntu', versionId: '12' }, undefined],
  ])('of %j is %s', (distribution, codename) => {
    expect(debianCodename(distribution)).toBe(codename);
  });
});

describe('suitesOf', () => {
  it.each([
    ['trixie', ['main trixie', 'main trixie-updates', 'security trixie-security']],
    ['bullseye', ['main bullseye', 'main bullseye-updates', 'security bullseye-security']],
    ['buster', ['main buster', 'main buster-updates', 'security buster/updates']],
    ['testing', ['main testing', 'main testing-updates', 'security testing-security']],
    ['sid', ['main sid']],
    ['unstable', ['main unstable']],
    ['experimental', ['main experimental']],
  ])('of %s', (name, suites) => {
    expect(suitesOf(name).map((suite) => `${suite.archive} ${suite.name}`)).toEqual(suites);
  });
});

describe('checkSupported', () => {
  it.each(['bullseye', 'bullseye-updates', 'bullseye-security', 'buster', 'buster/updates'])('refuses %s', (name) => {
    const check = (): void => checkSupported([{ archive: 'main', name }]);
    expect(check).toThrow(expect.objectContaining({ code: 'usage.end-of-life', exitCode: 2 }));
  });

  it.each(['bookworm', 'trixie', 'sid', 'stable', 'noble', 'bullseyes'])('lets %s pass', (name) => {
    expect(() => checkSupported(suitesOf(name))).not.toThrow();
  });
});
