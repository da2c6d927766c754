import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeZip } from './make-zip.ts';

/** An OSV export on loopback that can be changed while it runs, and remembers what was asked of it. */
export interface OsvServer {
  readonly url: string;
  /** `STATUS PATH`, in the order of the answers; emptied by whoever looks. */
  readonly requests: string[];
  /** Sets the records of an ecosystem, and from them its archive, list and single files. */
  readonly publish: (ecosystem: string, records: readonly OsvJson[]) => void;
  /** Sets one file as it is. */
  readonly put: (path: string, content: string | Uint8Array) => void;
  readonly file: (path: string) => Uint8Array;
  readonly remove: (path: string) => void;
  readonly close: () => Promise<void>;
}

export interface OsvJson {
  readonly id: string;
  readonly modified: string;
  readonly [key: string]: unknown;
}

/** `directory`: files that are served until others are set. */
export async function startOsvServer(directory?: string): Promise<OsvServer> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    const body = files.get(path) ?? readFrom(directory, path);
    const etag = body && `"${createHash('md5').update(body).digest('hex')}"`;
    const status = body === undefined ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    requests.push(`${status} ${path}`);
    response.writeHead(status, etag === undefined ? {} : { etag });
    response.end(status === 200 ? body : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const put = (path: string, content: string | Uint8Array): void => void files.set(path, Buffer.from(content));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    put,
    file: (path) => files.get(path) ?? Buffer.alloc(0),
    remove: (path) => void files.delete(path),
    publish: (ecosystem, records) => {
      for (const path of files.keys()) if (path.startsWith(`${ecosystem}/`)) files.delete(path);
      const named = records.map((record) => [`${record.id}.json`, JSON.stringify(record)] as const);
      for (const [name, json] of named) put(`${ecosystem}/${name}`, json);
      put(`${ecosystem}/all.zip`, makeZip(Object.fromEntries(named)));
      const newestFirst = records.toSorted((a, b) => Date.parse(b.modified) - Date.parse(a.modified));
      put(`${ecosystem}/modified_id.csv`, newestFirst.map(({ modified, id }) => `${modified},${id}\n`).join(''));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readFrom(directory: string | undefined, path: string): Buffer | undefined {
  try {
    return directory === undefined ? undefined : readFileSync(join(directory, path));
  } catch {
    return undefined;
  }
}
