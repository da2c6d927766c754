import { isCinzelError } from '../../core/errors.ts';
import { openZip, type ZipArchive, type ZipEntry, zipBytes } from '../../formats/zip.ts';

/** What the classes of an archive ask for. */
export interface ClassScan {
  /** `Class-Path` and agents of the manifest, relative to the archive. */
  readonly archives: readonly string[];
  /** Whether any names what draws, prints or reads images. */
  readonly usesDesktop: boolean;
  /** Names of native libraries that classes which load such libraries hold. */
  readonly libraries: readonly string[];
  /** Whether the archive could be read. */
  readonly understood: boolean;
}

const limits = { entries: 200_000, entryBytes: 64 * 1024 ** 2, totalBytes: 512 * 1024 ** 2 };
const drawing = /java\/awt\/|javax\/(?:swing|imageio|print|sound)\//;
const mostNested = 3;

/** Reads a class file, or an archive with those in it (JAR File Specification). */
export function scanClasses(bytes: Uint8Array, path: string): ClassScan {
  const found = { archives: [] as string[], usesDesktop: false, libraries: new Set<string>(), understood: true };
  if (path.endsWith('.class')) takeClass(bytes, found);
  else takeArchive(bytes, path, found, 0);
  return { ...found, libraries: [...found.libraries] };
}

interface Found {
  readonly archives: string[];
  readonly libraries: Set<string>;
  usesDesktop: boolean;
  understood: boolean;
}

function takeArchive(bytes: Uint8Array, path: string, found: Found, depth: number): void {
  const archive = open(bytes, path);
  if (archive === undefined) {
    found.understood = false;
    return;
  }
  for (const entry of archive.entries) {
    const isManifest = depth === 0 && entry.name === 'META-INF/MANIFEST.MF';
    const isNested = depth < mostNested && /\.[jw]ar$/.test(entry.name);
    if (!isManifest && !isNested && !entry.name.endsWith('.class')) continue;
    const content = contentOf(archive, entry);
    if (content === undefined) found.understood = false;
    else if (isManifest) found.archives.push(...manifestArchives(Buffer.from(content).toString('utf8')));
    else if (isNested) takeArchive(content, entry.name, found, depth + 1);
    else takeClass(content, found);
  }
}

function open(bytes: Uint8Array, path: string): ZipArchive | undefined {
  return lenient(() => openZip(zipBytes(bytes), limits, path));
}

function contentOf(archive: ZipArchive, entry: ZipEntry): Uint8Array | undefined {
  return lenient(() => archive.read(entry));
}

function lenient<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (isCinzelError(error)) return undefined;
    throw error;
  }
}

/** Names of classes and texts stand in the constant pool as they are (JVM Specification, 4.4.7). */
function takeClass(bytes: Uint8Array, found: Found): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  found.usesDesktop ||= drawing.test(text);
  if (!/\bloadLibrary\b|\bSystem\/load\b|com\/sun\/jna\//.test(text)) return;
  for (const [name] of text.matchAll(/(?<![\w.+/-])[A-Za-z][\w.+-]{1,63}(?![\w.+/-])/g)) found.libraries.add(name);
}

/** Lines of 72 bytes at most: a space continues one. */
function manifestArchives(text: string): readonly string[] {
  const lines = text.replace(/\r?\n /g, '').split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, value = ''] = /^(?:Class-Path|Launcher-Agent-Path|Boot-Class-Path):\s*(.*)$/i.exec(line) ?? [];
    return value.split(/\s+/).filter((one) => one !== '' && !one.includes(':'));
  });
}
