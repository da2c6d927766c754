import { baseName, type ImagePath, joinPath, rootPath } from '../../core/path.ts';
import type { ElfFile } from '../../formats/elf/model.ts';
import { constantTexts } from '../../formats/elf/strings.ts';
import type { ImageTree } from '../image-tree.ts';

/** Sections that only Go's linker writes (go.dev/src/cmd/link). */
const ofGo = /^\.(?:gopclntab|go\.buildinfo|note\.go\.buildid)$/;
/** The variable that whatever holds Rust's standard library looks for when it panics. */
const ofRust = 'RUST_BACKTRACE';
const ofKernel = /^\/(?:dev|proc|sys)$/;

/** Whether the texts in the constant data lie one behind the other without an end, as Go and Rust lay them. */
export function packsTexts({ sections }: ElfFile, bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return sections.some(({ name }) => ofGo.test(name)) || buffer.includes(ofRust, 0, 'latin1');
}

/** The paths of the image that begin somewhere in packed texts: files, and the folders that are `wanted`. */
export function packedPaths(
  parsed: ElfFile,
  bytes: Uint8Array,
  tree: ImageTree,
  wanted: (folder: ImagePath) => boolean,
): ReadonlySet<ImagePath> {
  const tops = tree.list(rootPath).flatMap(({ path }) => (ofKernel.test(path) ? [] : [baseName(path)]));
  const names = tops.map((name) => name.replace(/[^\w]/g, '\\$&')).join('|');
  const found = new Set<ImagePath>();
  for (const text of constantTexts(parsed, bytes, new RegExp(`(?=(/(?:${names})/[\\x21-\\x7e]{1,300}))`, 'g'))) {
    const path = longestPath(text, tree, wanted);
    if (path !== undefined) found.add(path);
  }
  return found;
}

/** The longest path that a text begins with; where several names fit, the longest one. */
function longestPath(text: string, tree: ImageTree, wanted: (folder: ImagePath) => boolean): ImagePath | undefined {
  let at = rootPath;
  for (let rest = text.slice(1); ; ) {
    const fitting = tree.list(at).flatMap(({ path }) => (rest.startsWith(baseName(path)) ? [baseName(path)] : []));
    const [name] = fitting.sort((a, b) => b.length - a.length);
    if (name === undefined) return undefined;
    at = joinPath(at, name);
    rest = rest.slice(name.length);
    const entry = tree.find(at);
    if (entry === undefined || entry.type !== 'directory') return entry === undefined ? undefined : at;
    if (wanted(entry.path)) return at;
    if (!rest.startsWith('/')) return undefined;
    rest = rest.slice(1);
  }
}
