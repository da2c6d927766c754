import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { splitWords } from '../split-words.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Sections of which each starts a program, and settings whose value is written to. */
const programSection = /^(?:program|eventlistener|fcgi-program):/;
const written = /^(?:logfile|pidfile|file|childlogdir|std(?:out|err)_logfile)$/;
const writtenFolders = ['/var/log/supervisor', '/var/run', '/run'];
const mostFiles = 1_000;

/** `supervisord [-c file]` (supervisord.org, "Configuration File"): the programs of its file and of those that this includes. */
export const supervisordRunner: Runner = {
  id: 'supervisord',
  programs: /^supervisord$/,
  run: async (invocation, program, world) => {
    const main = mainFile(invocation, program, world);
    if (main === undefined) return {};
    const files = [main];
    const all: Needs[] = [];
    for (let at = 0; at < files.length && at < mostFiles; at++) {
      const file = files[at] ?? main;
      const sections = parseIni(Buffer.from((await world.tree.read(file)) ?? []).toString('utf8'));
      all.push(
        { edges: [{ to: file, kind: 'config', certain: false }] },
        ...sections.map((one) => needsOf(one, file, invocation)),
      );
      // Only the main file's `[include]` counts.
      const included = at > 0 ? [] : sections.filter(({ name }) => name === 'include');
      for (const { settings } of included)
        files.push(...includedFiles(settings.get('files') ?? '', main, invocation, world));
    }
    const folders = writtenFolders.map((to): Edge => ({ to, kind: 'data', detail: 'written', certain: false }));
    return {
      edges: [...all.flatMap(({ edges = [] }) => edges), ...folders],
      runs: all.flatMap(({ runs = [] }) => runs),
    };
  },
};

function mainFile({ argv, folder }: Invocation, program: ImagePath, { tree }: World): ImagePath | undefined {
  const words = argv.flatMap((word, index) => {
    if (word === '-c' || word === '--configuration') return argv[index + 1] ?? [];
    return /^(?:-c|--configuration=)(.+)$/.exec(word)?.[1] ?? [];
  });
  const above = parentPath(parentPath(program));
  const standard = [
    joinPath(above, 'etc/supervisord.conf'),
    joinPath(above, 'supervisord.conf'),
    'supervisord.conf',
    'etc/supervisord.conf',
    '/etc/supervisord.conf',
    '/etc/supervisor/supervisord.conf',
  ];
  const paths = (words.length > 0 ? words : standard).flatMap((name) => absolutePath(name, folder) ?? []);
  return paths.find((path) => tree.findFile(path) !== undefined);
}

function includedFiles(value: string, main: ImagePath, invocation: Invocation, { tree }: World): readonly ImagePath[] {
  return splitWords(expand(value, main, invocation))
    .flatMap((pattern) => absolutePath(pattern, parentPath(main)) ?? [])
    .flatMap((pattern) => matchingPaths(pattern, tree))
    .filter((path) => tree.findFile(path) !== undefined);
}

interface Section {
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
}

function needsOf({ name, settings }: Section, from: ImagePath, invocation: Invocation): Needs {
  const folders = [...settings].flatMap(([key, value]): readonly Edge[] => {
    const path = written.test(key) ? absolutePath(expand(value, from, invocation), invocation.folder) : undefined;
    return path === undefined ? [] : [{ to: parentPath(path), kind: 'data', detail: key, certain: false, from }];
  });
  const command = settings.get('command');
  if (!programSection.test(name) || command === undefined) return { edges: folders };
  const directory = expand(settings.get('directory') ?? '', from, invocation);
  const environment = new Map(invocation.environment);
  for (const [, key = '', value = ''] of expand(settings.get('environment') ?? '', from, invocation).matchAll(
    /([\w.]+)\s*=\s*("[^"]*"|'[^']*'|[^,]*)/g,
  )) {
    environment.set(key, value.trim().replace(/^(["'])(.*)\1$/s, '$2'));
  }
  const folder = absolutePath(directory, invocation.folder) ?? invocation.folder;
  const argv = splitWords(expand(command, from, invocation));
  if (argv.length === 0) return { edges: folders };
  return { edges: folders, runs: [{ argv, environment, folder, kind: 'config', from }] };
}

/** `%(here)s` is the folder of the file, `%(ENV_X)s` a variable; others are made when it runs. */
function expand(text: string, file: ImagePath, { environment }: Invocation): string {
  return text.replace(/%\((\w+)\)[sd]/g, (whole, name: string) => {
    if (name === 'here') return parentPath(file);
    return name.startsWith('ENV_') ? (environment.get(name.slice(4)) ?? '') : whole;
  });
}

/** Python's configparser as supervisord uses it: `;` after a space begins a comment, indented lines continue a value. */
function parseIni(text: string): readonly Section[] {
  const sections: { name: string; settings: Map<string, string> }[] = [];
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^[#;]/.test(line) || line.length > 65_536) continue;
    const settings = sections.at(-1)?.settings;
    const plain = line.replace(/\s;.*$/, '');
    const [, section] = /^\[([^\]]*)\]/.exec(plain) ?? [];
    const [, key, value = ''] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(plain) ?? [];
    if (section !== undefined) {
      sections.push({ name: section.trim(), settings: new Map() });
      last = undefined;
    } else if (/^\s+\S/.test(plain) && last !== undefined) {
      settings?.set(last, `${settings.get(last) ?? ''} ${plain.trim()}`);
    } else if (key !== undefined) {
      last = key.trim().toLowerCase();
      settings?.set(last, value.trim());
    }
  }
  return sections;
}
