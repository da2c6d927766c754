import { type ImagePath, joinPath } from '../../core/path.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

/** The files that bundler reads in a folder. */
export function bundleFiles(folder: ImagePath, environment: ReadonlyMap<string, string>): readonly ImagePath[] {
  const gemfile = environment.get('BUNDLE_GEMFILE') ?? joinPath(folder, 'Gemfile');
  return [gemfile, `${gemfile}.lock`, joinPath(folder, '.bundle/config'), joinPath(folder, '.ruby-version')];
}

export function bundleEdges(folder: ImagePath, environment: ReadonlyMap<string, string>): readonly Edge[] {
  return bundleFiles(folder, environment).map((to) => ({ to, kind: 'config', detail: 'bundle', certain: false }));
}

/** Features that `Bundler.require` loads for a Gemfile: the name of each gem, or what `require:` says instead. */
export async function bundledFeatures(
  folder: ImagePath,
  environment: ReadonlyMap<string, string>,
  { tree }: World,
): Promise<readonly string[]> {
  const [gemfile = '', lock = ''] = bundleFiles(folder, environment);
  const listed = ((await tree.readText(gemfile)) ?? '').split('\n').flatMap((line) => {
    const [, name, rest = ''] = /^\s*gem[ \t(]+['"]([\w.-]+)['"](.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const own = /(?:\brequire:|:require\s*=>)\s*(?:\[([^\]]*)\]|(['"][^'"]+['"])|(false))/.exec(rest);
    const given =
      own === null ? undefined : [...(own[1] ?? own[2] ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(([, one = '']) => one);
    return given ?? [name, name.replaceAll('-', '/')];
  });
  const section = /^DEPENDENCIES\n((?: {2}.*\n?)*)/m.exec((await tree.readText(lock)) ?? '')?.[1] ?? '';
  const locked = [...section.matchAll(/^ {2}([\w.-]+)/gm)].flatMap(([, name = '']) => [
    name,
    name.replaceAll('-', '/'),
  ]);
  return [...new Set(listed.length > 0 ? listed : locked)];
}

/** Where bundler installed the gems, by its settings (bundler.io, "bundle config"). */
export async function bundlePath(folder: ImagePath, { tree }: World): Promise<readonly ImagePath[]> {
  const settings = await Promise.all(
    [joinPath(folder, '.bundle/config'), '/usr/local/bundle/config', '/root/.bundle/config'].map((path) =>
      tree.readText(path),
    ),
  );
  const named = settings.flatMap((text) => /^BUNDLE_PATH:\s*"?([^"\n]+)"?/m.exec(text ?? '')?.[1] ?? []);
  return [
    ...named.map((path) => (path.startsWith('/') ? path : joinPath(folder, path))),
    joinPath(folder, 'vendor/bundle'),
  ];
}
