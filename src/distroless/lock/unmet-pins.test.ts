import { expect, it } from 'vitest';
import type { LockedPackage } from './model.ts';
import { unmetPins } from './unmet-pins.ts';

it('names packages of which no source has the pinned version', () => {
  const locked = ['a', 'b', 'c', 'd'].map((name) => ({ name, version: '2' }) as LockedPackage);
  const pins = [
    { packages: ['a', 'b'], version: '1', priority: 1001 },
    { packages: ['b'], version: '2', priority: 1001 },
    { packages: ['c'], version: '1.*', priority: 1001 },
    { packages: ['d'], version: '2', priority: 1001 },
    { packages: ['*'], version: '1', priority: 1001 },
  ];
  const unmet = [
    { name: 'a', pinned: '1', version: '2' },
    { name: 'b', pinned: '1', version: '2' },
  ];
  expect(unmetPins(pins, locked)).toEqual(unmet);
  const turnedDown = [{ packages: ['a'], version: '1', priority: -1 }];
  expect(unmetPins(turnedDown, locked)).toEqual([]);
});
