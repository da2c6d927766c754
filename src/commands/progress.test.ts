import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { loadCatalogue } from '../i18n/load.ts';
import { createProgress } from './progress.ts';

it('tells how much of how much, as the language writes it, and wipes the line at the end', async () => {
  const stream = Object.assign(new PassThrough(), { columns: 80 });
  const terminal = { interactive: true, color: false, quiet: false, width: 80, write: async () => {}, say: () => {} };
  const progress = createProgress(terminal, await loadCatalogue('pt-BR'), stream as unknown as NodeJS.WriteStream);
  progress.listener({ kind: 'start', task: 'a', what: 'layer', name: '1', total: 12_400_000 });
  progress.listener({ kind: 'start', task: 'b', what: 'feed', name: 'osv' });
  progress.listener({ kind: 'advance', task: 'a', done: 3_100_000 });
  progress.listener({ kind: 'advance', task: 'b', done: 2_500_000 });
  while (stream.readableLength === 0) await pause(10);
  const line = String(stream.read());
  expect(line).toContain('25% (12,4 MB)');
  expect(line).toContain('2,5 MB');
  progress.stop();
  expect(String(stream.read())).toBe('\r\x1b[K');
});
