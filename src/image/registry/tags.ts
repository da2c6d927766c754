import { CinzelError } from '../../core/errors.ts';
import { asObject, asStrings, parseJson } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { nextPage } from './link.ts';

/** Tags that one request asks for; registries may give fewer. */
const pageSize = 1000;
/** More than any repository has; a list without end is an attack. */
const pageLimit = 10_000;

/** All tags of a repository, in the registry's order (distribution specification, "Listing Tags"). */
export async function listTags(connection: Connection, limit: number): Promise<readonly string[]> {
  const what = { kind: 'tags', of: connection.label } as const;
  const scope = connection.scope('pull');
  const tags = new Set<string>();
  let url: URL | undefined = await connection.url(`tags/list?n=${pageSize}`);
  for (let page = 0; url !== undefined; page++) {
    if (page >= pageLimit) throw new CinzelError('untrusted.malformed', { what, problem: 'endless' });
    const answer = await connection.send(url, { scope });
    const known = tags.size;
    const list = asObject(parseJson(await answer.bytes(limit), what))?.['tags'];
    for (const tag of asStrings(list)) tags.add(tag);
    // A page with nothing new leads nowhere.
    url = tags.size === known ? undefined : nextPage(answer.headers['link'], url);
  }
  return [...tags];
}
