import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { constantTexts } from '../../formats/elf/strings.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

const builtInPath = /(?<![\x20-\x7e])\/[\x21-\x7e]{2,200}(?=\0)/g;
/** Where distributions and PHP itself have settings, for programs that are no ELF files. */
const usual = ['/usr/local/etc/php', '/usr/local/etc', '/usr/local/lib', '/etc'];

/** The folders that an interpreter has built in: of php.ini, and of further settings. */
async function builtInFolders(program: ImagePath, world: World): Promise<readonly ImagePath[]> {
  const real = world.tree.find(program)?.path ?? program;
  const parsed = await world.elf.read(real);
  const bytes = parsed === undefined ? undefined : await world.tree.read(real);
  const texts = parsed === undefined || bytes === undefined ? [] : [...constantTexts(parsed, bytes, builtInPath)];
  return [...new Set([...texts, ...usual])].filter((path) => world.tree.findFolder(path) !== undefined);
}

/** `php.ini` and `conf.d` of an interpreter, and what variables put in their place (php.net, "The configuration file"). */
export async function settingsFiles(
  program: ImagePath,
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<readonly Edge[]> {
  const { tree } = world;
  const built = await builtInFolders(program, world);
  const own = environment.get('PHPRC');
  const scanned = environment
    .get('PHP_INI_SCAN_DIR')
    ?.split(':')
    .filter((one) => one !== '');
  const folders = [...(own === undefined ? [] : [own]), ...built, parentPath(program)];
  const scans = [
    ...(scanned ?? []),
    ...built.filter((path) => /\/(?:conf\.d|php\.d)$/.test(path)),
    ...built.map((path) => joinPath(path, 'conf.d')),
  ];
  const files = [
    ...folders.flatMap((folder) =>
      tree
        .list(folder)
        .filter(({ path }) => /\/php(?:-[\w-]+)?\.ini$/.test(path))
        .map(({ path }) => path),
    ),
    ...scans.flatMap((folder) =>
      tree
        .list(folder)
        .filter(({ path }) => path.endsWith('.ini'))
        .map(({ path }) => path),
    ),
  ];
  return [...new Set(files)].map((to) => ({
    to,
    kind: 'config',
    detail: 'php.ini',
    certain: false,
    language: 'php-ini',
  }));
}

/** Every folder of extensions, of whatever version. */
export function extensionFolders({ tree }: World): readonly ImagePath[] {
  const below = [
    '/usr/lib/php',
    '/usr/local/lib/php/extensions',
    ...tree
      .list('/usr/lib')
      .map(({ path }) => path)
      .filter((path) => /\/php\d+$/.test(path)),
  ];
  const dated = below
    .flatMap((folder) => tree.list(folder).map(({ path }) => path))
    .filter((path) => /\/(?:[\w-]*\d{8}|modules)$/.test(path));
  return [...dated, '/usr/lib64/php/modules', '/usr/lib/php/modules'].filter(
    (path) => tree.findFolder(path) !== undefined,
  );
}
