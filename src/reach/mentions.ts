import { baseName, type ImagePath } from '../core/path.ts';
import type { Application } from './application.ts';
import { filesBelow } from './files-below.ts';
import type { ImageTree } from './image-tree.ts';

/** Names of files in which an application says what it uses: code and configuration of any format. */
const tells =
  /(?:\.(?:py|rb|ru|ini|cfg|conf|toml|ya?ml|json|env|properties|txt|xml|sh)|\/\.env[^/]*|\/(?:Procfile|Rakefile|Gemfile(?:\.lock)?))$/;
const longest = 256 * 1024;

/** The names that a text may be speaking of: each run of letters, digits and underscores. */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(text.match(/[A-Za-z_]\w{0,99}/g) ?? [])];
}

/** The names in the files that the application itself brings, reached or not, and in the names of these files. */
export async function applicationWords({ folders, wrote }: Application, tree: ImageTree): Promise<readonly string[]> {
  const own = (path: ImagePath): boolean => wrote(path) && wrote(`${path}/`);
  const files = folders.flatMap((folder) => filesBelow(folder, { tree }, own));
  const words = new Set<string>(files.flatMap((path) => wordsOf(baseName(path))));
  for (const path of new Set(files)) {
    if (!tells.test(path) || (tree.findFile(path)?.size ?? longest) >= longest) continue;
    for (const word of wordsOf((await tree.readText(path)) ?? '')) words.add(word);
  }
  return [...words];
}
