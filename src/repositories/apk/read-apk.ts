import { createHash } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import { gzipMember } from '../../formats/gzip-member.ts';
import { type DebArchives, type DebContent, type DebFile, readDeb, readTar } from '../apt/read-deb.ts';
import { parsePackageInfo } from './package-info.ts';
import { plainMembers } from './signed-index.ts';

const controlBytes = 64 * 1024 ** 2;
/** Bytes of the files of one package: well over the largest that there is. */
const dataBytes = 2 * 1024 ** 3;

/** A package, decompressed, with what identifies it. */
export interface OpenedApk extends DebArchives {
  /** As an index has it: `Q1` and the SHA-1, or `Q2` and the SHA-256, of the control member, in Base64. */
  readonly checksum: string;
}

/**
 * Opens a .apk: up to three gzip members (signature, control, data), each a tar archive. The data must be what the
 * control member promises, and the control member what the index does, which its checksum tells; the signature adds
 * nothing to that and is not looked at. Throws `untrusted.*`.
 */
export function openApk(bytes: Buffer, { what, checksum, maxBytes = dataBytes }: OpenApkOptions): OpenedApk {
  const bounds = { maxBytes: controlBytes, what };
  const first = gzipMember(bytes, 0, bounds);
  const isSigned = first.plain.toString('latin1', 0, 6) === '.SIGN.';
  const start = isSigned ? first.end : 0;
  const { plain: control, end } = isSigned ? gzipMember(bytes, start, bounds) : first;
  const data = bytes.subarray(end);
  checkData(control, data, what);
  const [prefix, algorithm] = checksum.startsWith('Q2') ? ['Q2', 'sha256'] : ['Q1', 'sha1'];
  const own = createHash(algorithm).update(bytes.subarray(start, end)).digest('base64');
  return { control, data: plainMembers(data, { maxBytes, what }), checksum: `${prefix}${own}` };
}

export interface OpenApkOptions {
  readonly what: string;
  /** The one that is expected: decides how the package's own is made. */
  readonly checksum: string;
  readonly maxBytes?: number;
}

function checkData(control: Buffer, data: Buffer, what: string): void {
  const info = readTar(control, what).find(({ header }) => header.name === '.PKGINFO');
  if (info === undefined)
    throw new CinzelError('untrusted.malformed', { what, problem: { kind: 'lacks', what: '.PKGINFO' } });
  const [expected = ''] = parsePackageInfo(info.content).get('datahash') ?? [];
  const actual = createHash('sha256').update(data).digest('hex');
  if (expected === actual) return;
  throw new CinzelError('untrusted.digest', { what, expected: `sha256:${expected}`, actual: `sha256:${actual}` });
}

/**
 * Reads the archives of a package; contents are views of them. Throws what reading a .deb throws, and
 * `untrusted.digest` for a file that is not what its own checksum says.
 */
export function readApk(archives: DebArchives, what: string): DebContent {
  const content = readDeb(archives, what);
  for (const file of content.files) checkFile(file, what);
  return content;
}

function checkFile({ header, content }: DebFile, what: string): void {
  const { name, type, link = '', apkChecksum: expected } = header;
  if (expected === undefined || (type !== 'file' && type !== 'symlink')) return;
  const actual = createHash('sha1')
    .update(type === 'symlink' ? Buffer.from(link) : content)
    .digest('hex');
  if (actual === expected) return;
  throw new CinzelError('untrusted.digest', {
    what: `${what}: ${name}`,
    expected: `sha1:${expected}`,
    actual: `sha1:${actual}`,
  });
}
