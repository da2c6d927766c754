import { CinzelError } from '../core/errors.ts';
import { isObject, type JsonValue, parseJson } from '../core/json.ts';
import { type Problem, said } from '../core/problems.ts';
import type { ScanResult } from './model.ts';

/**
 * Reads a scan that was saved with `-o json`. Throws `untrusted.malformed` when it is not one, and
 * `untrusted.unsupported` when its schemaVersion is one that this version of Cinzel does not know.
 */
export async function parseScanResult(bytes: Uint8Array | string, what: string): Promise<ScanResult> {
  const document = parseJson(bytes, what);
  checkVersion(document, what);
  const { scanSchema } = await import('./scan-schema.ts');
  const parsed = scanSchema.safeParse(document);
  if (parsed.success) return checkLayers(parsed.data, what);
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  throw malformed(what, { kind: 'at', place, problem: said(issue?.message ?? '') });
}

function checkVersion(document: JsonValue, what: string): void {
  const version = isObject(document) ? document['schemaVersion'] : undefined;
  if (typeof version !== 'number') throw malformed(what, 'no-saved-scan');
  if (version !== 1) throw new CinzelError('untrusted.unsupported', { what: `${what} (schemaVersion ${version})` });
}

/** Reports look layers up by index, so each must stand at its own. */
function checkLayers(result: ScanResult, what: string): ScanResult {
  const misplaced = result.image.layers.findIndex((layer, position) => layer.index !== position);
  if (misplaced !== -1) throw malformed(what, { kind: 'layer-index', layer: misplaced });
  return result;
}

function malformed(what: string, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}
