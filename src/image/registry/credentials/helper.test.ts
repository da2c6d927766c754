import { expect, it } from 'vitest';
import { askHelper } from './helper.ts';

it('leaves nothing that a program would wait for when the helper is not there', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const asked = askHelper('that-nobody-has', 'registry.example', process.env);
  await expect(asked).rejects.toMatchObject({ code: 'environment.missing-tool' });
  expect(timers()).toBe(before);
});
