import type { ImageConfig } from '../image/model.ts';
import type { RunOptions } from './model.ts';

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What an image runs, in exec form; without arguments its own command, as engines have it. */
export function commandOf(
  { entrypoint = [], cmd = [] }: ImageConfig,
  { command, arguments: given = [] }: Pick<RunOptions, 'command' | 'arguments'>,
): readonly string[] {
  return command ?? [...entrypoint, ...(given.length > 0 ? given : cmd)];
}

/** The variables of a program of an image: those that engines set, the image's, the caller's. */
export function environmentOf(
  { env = [] }: ImageConfig,
  { home, environment = {} }: { readonly home: string } & Pick<RunOptions, 'environment'>,
): ReadonlyMap<string, string> {
  const own = env.map((line): [string, string] => {
    const equals = line.indexOf('=');
    return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
  });
  return new Map([['PATH', usualPath], ['HOME', home], ...own, ...Object.entries(environment)]);
}
