import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
