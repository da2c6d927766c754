import { normalizePath } from '../../core/path.ts';
import { parseApkDatabase } from '../../formats/apk-database.ts';
import type { IsKept } from './dpkg-lists.ts';
import type { ListedPackage } from './dpkg-status.ts';

/** The records of the packages that are listed, with those of their files that are kept (wiki.alpinelinux.org/wiki/Apk_spec). */
export function rewriteApkDatabase(text: string, listed: ListedPackage, isKept: IsKept): string {
  const records: string[] = [];
  for (const record of text.split(/\n\n+/)) {
    const [parsed] = parseApkDatabase(record);
    const name = parsed?.fields.get('P')?.trim();
    if (parsed === undefined || name === undefined) continue;
    if (listed(name, parsed.fields.get('A')?.trim()) === undefined) continue;
    const own = record
      .slice(0, record.length - parsed.files.length)
      .replace(/^\n+/, '')
      .trimEnd();
    records.push(`${own}\n${keptFiles(parsed.files, isKept)}\n`);
  }
  return records.join('');
}

/** A folder's lines (`F:`, then its own attributes) stay when one of its files does (`R:`, then its attributes). */
function keptFiles(lines: string, isKept: IsKept): string {
  const kept: string[] = [];
  let folder = '';
  let pending: string[] = [];
  let keeping = false;
  for (const line of lines.split('\n')) {
    const letter = line.slice(0, 2);
    if (letter === 'F:') {
      folder = line.slice(2);
      pending = [line];
      keeping = false;
    } else if (letter === 'R:') {
      const path = normalizePath(`/${folder}/${line.slice(2)}`);
      keeping = path !== undefined && isKept(path);
      if (keeping) kept.push(...pending.splice(0), line);
    } else if (letter === 'M:') pending.push(line);
    else if (keeping && line !== '') kept.push(line);
  }
  return kept.map((line) => `${line}\n`).join('');
}
