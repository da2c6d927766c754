import { expect, it } from 'vitest';
import { createContext } from './context.ts';

it('lets as much work listen for the end of a run as there is at once', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): number => warnings.push(name);
  process.on('warning', onWarning);
  const interrupt = new AbortController();
  const { signal } = createContext({ signal: interrupt.signal });
  let ended = 0;
  for (let work = 0; work < 40; work++) signal.addEventListener('abort', () => ended++);
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  interrupt.abort();
  expect({ warnings, ended }).toEqual({ warnings: [], ended: 40 });
});
