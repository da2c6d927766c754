import type { ImagePath } from '../../core/path.ts';
import type { Profile } from './model.ts';
import { tracedWrites } from './writable-folders.ts';

/** What a traced run made, changed or removed, one path a line: what must be writable when the root is not. */
export const writtenPaths: Profile = {
  render: (facts) => (tracedWrites(facts) ?? []).map((path) => `${onOneLine(path)}\n`).join(''),
};

/** Control characters are written as `\u{a}`. */
function onOneLine(path: ImagePath): string {
  return path.replace(/\p{Cc}/gu, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
}
