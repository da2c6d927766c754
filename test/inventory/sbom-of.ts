import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingKey, SettingValue } from '../../src/configuration/settings.ts';
import { takeSbom } from '../../src/operations/scan.ts';
import { testToolbox } from '../../src/operations/testing/test-toolbox.ts';
import { json } from '../../src/report/formats/json.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { renderText } from '../../src/report/testing/render.ts';

/** What `cinzel sbom REFERENCE -o json` prints. */
export async function sbomOf(
  reference: string,
  settings: Partial<Record<SettingKey, SettingValue>> = {},
): Promise<ScanResult> {
  const cache = mkdtempSync(join(tmpdir(), 'cinzel-cache-'));
  const toolbox = testToolbox({ 'cache.dir': cache, offline: true, platform: 'linux/amd64', ...settings });
  try {
    const result = await takeSbom(reference, toolbox);
    return JSON.parse(renderText(json, result)) as ScanResult;
  } finally {
    await toolbox.close();
    rmSync(cache, { recursive: true });
  }
}

/** The name by which pip compares distributions. */
export function normalPythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
