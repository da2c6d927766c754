import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFile } from './outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe('a report that goes to a file', () => {
  it('is whole or not there', async () => {
    writeFileSync(at('old'), 'old');
    const failing = function* (): Generator<string> {
      yield 'half';
      throw new Error('broken');
    };
    await expect(writeFile(at('old'), failing())).rejects.toThrow('broken');
    await expect(writeFile(at('new'), failing())).rejects.toThrow('broken');
    expect(readFileSync(at('old'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['old']);
    await writeFile(at('old'), ['a', 'b']);
    expect(readFileSync(at('old'), 'utf8')).toBe('ab');
  });

  it('leaves a link a link, and a pipe a pipe', async () => {
    writeFileSync(at('real'), '');
    symlinkSync('real', at('link'));
    await writeFile(at('link'), ['x']);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('real'), 'utf8')).toBe('x');
    execFileSync('mkfifo', [at('pipe')]);
    const [text] = await Promise.all([readFile(at('pipe'), 'utf8'), writeFile(at('pipe'), ['a', 'b'])]);
    expect(text).toBe('ab');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('cannot take the place of a folder', async () => {
    mkdirSync(at('folder'));
    await expect(writeFile(at('folder'), ['x'])).rejects.toMatchObject({ code: 'environment.write' });
    await expect(writeFile(join(at('absent'), 'x'), ['x'])).rejects.toMatchObject({ code: 'environment.write' });
  });
});
