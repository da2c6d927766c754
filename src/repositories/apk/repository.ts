import { CinzelError } from '../../core/errors.ts';
import { type ArchiveCredential, splitUserInfo } from '../apt/credentials.ts';
import { parseRecipeMirror, withoutSlash } from '../apt/mirror-address.ts';

/** A repository of packages; an architecture is a folder in it. */
export interface ApkRepository {
  /** Without its host, for locks and people: `v3.20/main`. */
  readonly label: string;
  /** Without a slash at its end and without secrets. */
  readonly url: string;
  /** Only requests that name the tag, and what they need, take packages from it. */
  readonly tag?: string;
  readonly credential?: ArchiveCredential;
}

/** Reads lines as `/etc/apk/repositories` has them: `URL` or `@TAG URL`. Throws `usage.value` and `usage.same-repositories`. */
export function parseRepositories(lines: readonly string[]): readonly ApkRepository[] {
  const repositories = lines.map(parseRepository);
  const labels = repositories.map(({ label }) => label);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice === undefined) return repositories;
  throw new CinzelError('usage.same-repositories', { ending: twice });
}

function parseRepository(line: string): ApkRepository {
  const [, tag, address = ''] = /^(?:@(\S+)\s+)?(\S+)$/.exec(line.trim()) ?? [];
  const { url, credential } = splitUserInfo(parseRecipeMirror(address));
  const folders = new URL(url).pathname.split('/').filter((part) => part !== '');
  return {
    label: folders.slice(-2).join('/') || 'repository',
    url: withoutSlash(url),
    ...(tag === undefined ? {} : { tag }),
    ...(credential === undefined ? {} : { credential }),
  };
}
