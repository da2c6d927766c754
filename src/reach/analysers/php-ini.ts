import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge } from '../model.ts';
import { extensionFolders } from '../php/settings.ts';
import { type Analyser, absolutePath, type World } from '../world.ts';

/** Settings whose value is a file of PHP. */
const code = /^(?:auto_prepend_file|auto_append_file|opcache\.preload)$/;

/** php.ini and its like, pools of php-fpm: extensions, code that runs with every page, and files that they name. */
export const phpIni: Analyser = {
  id: 'php-ini',
  version: 1,
  data: true,
  takes: ({ languages }) => languages.has('php-ini'),
  analyse: async (file, world) => ({
    edges: settingsOf(Buffer.from(await file.bytes()).toString('utf8')).flatMap(([name, value]) =>
      settingEdges(name, value, file.path, world),
    ),
  }),
};

/** `name = value`, `php_admin_value[name] = value`. */
export function settingsOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const [, outer = '', inner, rest = ''] = /^\s*([\w.]+)(?:\[([\w.]+)\])?\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const value = /^"([^"]*)"|^'([^']*)'|^([^;]*)/.exec(rest);
    const text = (value?.[1] ?? value?.[2] ?? value?.[3] ?? '').trim();
    return outer === '' || text === '' ? [] : [[inner ?? outer, text]];
  });
}

export function settingEdges(name: string, value: string, from: ImagePath, world: World): readonly Edge[] {
  const edge = { kind: 'config', detail: `${name}=${value}`.slice(0, 80), certain: false } as const;
  if (name === 'extension' || name === 'zend_extension') {
    const files = value.startsWith('/') ? [value] : extensionFolders(world).map((folder) => joinPath(folder, value));
    return files.map((to): Edge => ({ ...edge, kind: 'dlopen', to: to.endsWith('.so') ? to : `${to}.so` }));
  }
  if (name === 'include') {
    const pattern = absolutePath(value, parentPath(from));
    return pattern === undefined
      ? []
      : matchingPaths(pattern, world.tree).map((to): Edge => ({ ...edge, to, language: 'php-ini' }));
  }
  if (code.test(name)) return value.startsWith('/') ? [{ ...edge, to: value, language: 'php' }] : [];
  if (!/^\/[\w./-]+$/.test(value)) return [];
  const isFolder = world.tree.findFolder(value) !== undefined;
  return [{ ...edge, to: value }, ...(isFolder ? [] : [{ ...edge, to: parentPath(value) }])];
}
