import type { Platform } from '../image/model.ts';
import type { ScanResult } from '../report/model.ts';
import { checkFeedNames } from './feeds.ts';
import { wantedPlatform } from './open-image.ts';
import { scan, takeSbom } from './scan.ts';
import type { Toolbox } from './toolbox.ts';

/** Scans several references, and with `--platform all` each platform of each; results in that order. */
export async function scanAll(references: readonly string[], toolbox: Toolbox): Promise<readonly ScanResult[]> {
  checkFeedNames(toolbox);
  return forEach(references, toolbox, scan);
}

/** The inventories of several references, and with `--platform all` of each platform of each. */
export async function takeSboms(references: readonly string[], toolbox: Toolbox): Promise<readonly ScanResult[]> {
  return forEach(references, toolbox, takeSbom);
}

type Operation = (reference: string, toolbox: Toolbox, platform: Platform | undefined) => Promise<ScanResult>;

async function forEach(
  references: readonly string[],
  toolbox: Toolbox,
  operation: Operation,
): Promise<readonly ScanResult[]> {
  const results: ScanResult[] = [];
  for (const reference of references) {
    for (const platform of await platformsOf(reference, toolbox))
      results.push(await operation(reference, toolbox, platform));
  }
  return results;
}

async function platformsOf(reference: string, toolbox: Toolbox): Promise<readonly (Platform | undefined)[]> {
  if (toolbox.configuration.get('platform') !== 'all') return [wantedPlatform(toolbox)];
  const { listPlatforms } = await import('./list-platforms.ts');
  return listPlatforms(reference, toolbox);
}
