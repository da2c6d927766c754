import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { settingEdges } from '../analysers/php-ini.ts';
import type { Edge, Invocation } from '../model.ts';
import { phpEdge, servedEdges } from '../php/php-edges.ts';
import { settingsFiles } from '../php/settings.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** `php [options] file [words]`, `php -S address [-t folder] [router]`, `php -r code`. */
export const phpRunner: Runner = {
  id: 'php',
  programs: /^php(?:-cli|-cgi|dbg)?[\d.]*$/,
  run: async (invocation, program, world) => {
    const { environment, folder } = invocation;
    const { script, served, settings, file, isServer } = parse(invocation.argv.slice(1));
    const given = file === undefined ? undefined : absolutePath(file, folder);
    const path = script === undefined ? undefined : absolutePath(script, folder);
    const root = served === undefined ? folder : absolutePath(served, folder);
    return {
      edges: [
        ...(given === undefined ? await settingsFiles(program, environment, world) : [iniEdge(given)]),
        ...settings.flatMap(([name, value]) => settingEdges(name, value, joinPath(folder, 'x'), world)),
        ...(path === undefined ? [] : [{ ...phpEdge(path, 'script'), kind: 'argument' as const }]),
        ...(isServer && root !== undefined ? servedEdges(root, world) : []),
      ],
    };
  },
};

/** `php-fpm [-y file] [-c file]`: its pools, and the pages that it may be asked for. */
export const fpmRunner: Runner = {
  id: 'php-fpm',
  programs: /^php-fpm[\d.]*$/,
  run: async (invocation, program, world) => {
    const { argv, environment, folder } = invocation;
    const named = argv.flatMap(
      (word, index) =>
        /^--fpm-config=(.+)$/.exec(word)?.[1] ?? (/^(?:-y|--fpm-config)$/.test(word) ? (argv[index + 1] ?? []) : []),
    );
    const settings = await settingsFiles(program, environment, world);
    const beside = settings.map(({ to }) => joinPath(parentPath(to), 'php-fpm.conf'));
    const files =
      named.length > 0
        ? named.flatMap((name) => absolutePath(name, folder) ?? [])
        : [...new Set([...beside, ...standardFiles(world)])];
    return {
      edges: [
        ...settings,
        ...files.map(iniEdge),
        ...[folder, '/var/www', '/srv/www'].flatMap((root) => servedEdges(root, world)),
        ...['/run/php', '/var/lib/php', '/var/log'].map(
          (to): Edge => ({ to, kind: 'data', detail: 'written', certain: false }),
        ),
      ],
    };
  },
};

function standardFiles({ tree }: World): readonly ImagePath[] {
  const versions = ['/etc', '/etc/php']
    .flatMap((folder) => tree.list(folder))
    .filter(({ path }) => /\/(?:php)?\d[\d.]*$/.test(path));
  return [
    '/usr/local/etc/php-fpm.conf',
    '/etc/php-fpm.conf',
    ...versions.flatMap(({ path }) => [`${path}/fpm/php-fpm.conf`, `${path}/php-fpm.conf`]),
  ];
}

function iniEdge(to: ImagePath): Edge {
  return { to, kind: 'config', detail: 'php', certain: false, language: 'php-ini' };
}

interface Parsed {
  readonly script?: string;
  readonly served?: string;
  readonly file?: string;
  readonly isServer: boolean;
  readonly settings: readonly (readonly [string, string])[];
}

function parse(words: Invocation['argv']): Parsed {
  const settings: [string, string][] = [];
  let isServer = false;
  const places = new Map<string, string>();
  const found = (script?: string): Parsed => {
    const served = places.get('t');
    const file = places.get('c');
    return {
      settings,
      isServer,
      ...(script === undefined ? {} : { script }),
      ...(served === undefined ? {} : { served }),
      ...(file === undefined ? {} : { file }),
    };
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return found(words[at + 1]);
    if (!word.startsWith('-')) return found(word);
    const [, flag, rest = ''] = /^-([cdftrBREFSzg])(.*)$/s.exec(word) ?? [];
    if (flag === undefined) continue;
    const value = rest === '' ? (words[++at] ?? '') : rest.replace(/^=/, '');
    if (flag === 'S') isServer = true;
    if (flag === 'f' || flag === 'F') return found(value);
    if (flag === 't' || flag === 'c') places.set(flag, value);
    if (flag === 'd') settings.push([value.split('=')[0] ?? '', value.slice(value.indexOf('=') + 1)]);
  }
  return found();
}
