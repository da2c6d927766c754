import { CinzelError } from '../../../core/errors.ts';
import type { Solvable } from './solvable.ts';

/** A package that is asked for: by name, in one version, or from one suite. */
export interface Wanted {
  readonly name: string;
  readonly architecture?: string;
  readonly version?: string;
  readonly suite?: string;
}

const pattern = /^([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?(?:=([A-Za-z0-9.+:~-]+)|\/([a-z0-9][a-z0-9./_-]*))?$/;

/**
 * Reads `name`, `name=version`, `name/suite`, each with `:architecture` after the name if wanted, as apt-get(8) takes
 * them. Throws `usage.value`.
 */
export function parseWanted(text: string): Wanted {
  const [, name, architecture, version, suite] = pattern.exec(text) ?? [];
  if (name === undefined) {
    throw new CinzelError('usage.value', {
      name: 'packages',
      value: text,
      allowed: 'NAME, NAME=VERSION, NAME/SUITE, NAME:ARCHITECTURE',
    });
  }
  return {
    name,
    ...(architecture === undefined ? {} : { architecture }),
    ...(version === undefined ? {} : { version }),
    ...(suite === undefined ? {} : { suite }),
  };
}

/** Whether a package of that name is the one that is asked for. */
export function isWanted({ version, suite }: Wanted, found: Solvable): boolean {
  return (version === undefined || found.version === version) && (suite === undefined || found.suite === suite);
}
