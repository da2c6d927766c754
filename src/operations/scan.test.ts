import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OsvServer, startOsvServer } from '../advisories/testing/osv-server.ts';
import type { SettingKey, SettingValue } from '../configuration/settings.ts';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { scan } from './scan.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-scan-'));
const image = `oci:${join(folder, 'image')}`;
let server: OsvServer;

beforeAll(async () => {
  server = await startOsvServer();
  const manifest = JSON.stringify({ name: 'left', version: '1.2.0' });
  const layers = [makeLayer([{ name: 'app/node_modules/left/package.json', content: manifest }])];
  makeLayout(join(folder, 'image'), { layers, tag: 'v1' });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (id: string, fixed: string, modified: string) => ({
  id,
  modified,
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
    },
  ],
});

async function idsFound(settings: Partial<Record<SettingKey, SettingValue>> = {}): Promise<readonly string[]> {
  const toolbox = testToolbox({
    'db.dir': join(folder, 'db'),
    'cache.dir': join(folder, 'cache'),
    feeds: ['osv'],
    'feeds.osv.url': server.url,
    platform: 'linux/amd64',
    ...settings,
  });
  try {
    return ((await scan(image, toolbox)).findings ?? []).map(({ id }) => id);
  } finally {
    await toolbox.close();
  }
}

describe('a scan of an image that was scanned before', () => {
  it('answers alike from the cache, and asks nobody', async () => {
    server.publish('npm', [record('GHSA-1', '1.3.0', '2026-01-01T00:00:00Z')]);
    expect(await idsFound()).toEqual(['GHSA-1']);
    server.requests.length = 0;
    expect(await idsFound()).toEqual(['GHSA-1']);
    expect(await idsFound({ offline: true })).toEqual(['GHSA-1']);
    expect(server.requests).toEqual([]);
  });

  it('answers anew when the advisories changed', async () => {
    server.publish('npm', [
      record('GHSA-1', '1.1.0', '2026-01-02T00:00:00Z'),
      record('GHSA-2', '1.3.0', '2026-01-02T00:00:00Z'),
    ]);
    expect(await idsFound({ 'db.age': 0 })).toEqual(['GHSA-2']);
    expect(await idsFound({ offline: true })).toEqual(['GHSA-2']);
  });
});
