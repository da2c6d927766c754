import { sha256 } from '../core/digest.ts';
import type { Finding } from '../findings/model.ts';
import type { Package } from '../inventory/model.ts';
import { repositoryOf } from './image-purl.ts';
import type { ScanResult } from './model.ts';

/**
 * What stays equal for a finding from one scan to the next, whatever the tag, the installed version or the layer:
 * repository, vulnerability, and the package with the file that proves it. Hexadecimal SHA-256.
 */
export function fingerprint(result: ScanResult, finding: Finding, item: Package | undefined): string {
  const name = item === undefined ? finding.purl : `${item.type}/${item.name}`;
  const place = item?.evidence[0].path ?? '';
  return sha256(JSON.stringify([repositoryOf(result.image), finding.id, name, place])).slice('sha256:'.length);
}
