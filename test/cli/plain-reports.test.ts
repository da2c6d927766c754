import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createDesk, type Desk, expectFault } from '../bad-input/started-command.ts';

let desk: Desk;
beforeAll(() => {
  desk = createDesk({ CINZEL_PASSWORD: 'secret' });
});
afterAll(() => desk.close());

describe.each([
  ['cache df', { kinds: [] }],
  ['cache prune', { entries: 0, bytes: 0 }],
  ['config', { settings: expect.arrayContaining([{ key: 'quiet', value: false, origin: { kind: 'default' } }]) }],
  ['db status', { parts: [] }],
  ['db update', { updated: [], uncovered: [] }],
])('cinzel %s', (command, content) => {
  const words = command.split(' ');

  it('reports in JSON, on stdout and to a file', async () => {
    const { code, stdout } = await desk.run(...words, '-o', 'json', '--report', `json=${desk.at('report.json')}`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(content);
    expect(readFileSync(desk.at('report.json'), 'utf8')).toBe(stdout);
    expect(stdout).not.toContain('secret');
  });

  it('refuses another format', async () => {
    expectFault(await desk.run(...words, '--report', 'sarif'), 2, /"sarif" is no value for --report/, /table, json/);
  });
});

describe('cinzel copy', () => {
  it('prints the digest, or reports it', async () => {
    makeLayout(desk.at('home', 'image'), { layers: [makeLayer([{ name: 'etc/' }])], tag: 'one' });
    const words = ['copy', 'oci:image:one', 'oci:copied:one'];
    const digest = (await desk.run(...words)).stdout.trim();
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.parse((await desk.run(...words, '--report', 'json')).stdout)).toEqual({ digest });
    const filed = await desk.run(...words, '--report', `json=${desk.at('copy.json')}`);
    expect(filed.stdout).toBe(`${digest}\n`);
    expect(JSON.parse(readFileSync(desk.at('copy.json'), 'utf8'))).toEqual({ digest });
  });
});
