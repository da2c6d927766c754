/**
 * Records of apk's database of installed packages and of its indexes (wiki.alpinelinux.org/wiki/Apk_spec): a line is
 * one letter, a colon and a value, and an empty line ends a record. Capitals and small letters are different fields.
 */
export interface ApkRecord {
  /** The package's own fields by their letter; of a letter that comes twice, the first. */
  readonly fields: ReadonlyMap<string, string>;
  /** The lines about folders and files, which follow the fields; see `apkFiles`. */
  readonly files: string;
}

/** The records of a database, lazily. Lines that are no field go to `malformed`, and are skipped. */
export function* parseApkDatabase(text: string, malformed?: (line: string) => void): Generator<ApkRecord> {
  for (let start = 0; start < text.length; ) {
    const gap = text.indexOf('\n\n', start);
    const end = gap < 0 ? text.length : gap;
    const record = text.slice(start, end);
    start = end + 2;
    if (record.trim() !== '') yield parseRecord(record, malformed);
  }
}

function parseRecord(record: string, malformed?: (line: string) => void): ApkRecord {
  const fields = new Map<string, string>();
  const firstFolder = record.startsWith('F:') ? 0 : record.indexOf('\nF:');
  const filesStart = firstFolder < 0 ? record.length : firstFolder;
  for (const line of record.slice(0, filesStart).split('\n')) {
    if (line === '') continue;
    const letter = line.charAt(0);
    if (line[1] !== ':') malformed?.(line);
    else if (!fields.has(letter)) fields.set(letter, line.slice(2));
  }
  return { fields, files: record.slice(filesStart) };
}

export interface ApkFile {
  /** As the database has it: relative, without a slash before it. */
  readonly path: string;
  /** `sha1:` or `sha256:` and hexadecimal digits. */
  readonly hash?: string;
}

/** The files of a record: `F:` names a folder, `R:` a file in it, `Z:` the hash of the file before. */
export function apkFiles(lines: string): readonly ApkFile[] {
  const files: ApkFile[] = [];
  let folder = '';
  let name: string | undefined;
  let hash: string | undefined;
  const flush = (): void => {
    if (name !== undefined) {
      files.push({ path: folder === '' ? name : `${folder}/${name}`, ...(hash === undefined ? {} : { hash }) });
    }
    name = undefined;
    hash = undefined;
  };
  for (const line of lines.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('Z:')) hash = checksum(value);
    if (!line.startsWith('F:') && !line.startsWith('R:')) continue;
    flush();
    if (line.startsWith('F:')) folder = value;
    else name = value;
  }
  flush();
  return files;
}

/** `Q1` and SHA-1, or `Q2` and SHA-256, in Base64. */
function checksum(text: string): string | undefined {
  const digits = Buffer.from(text.slice(2), 'base64').toString('hex');
  if (text.startsWith('Q1') && digits.length === 40) return `sha1:${digits}`;
  return text.startsWith('Q2') && digits.length === 64 ? `sha256:${digits}` : undefined;
}
