import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { run } from './measure.mjs';

/** Brings the store up to date for the measured image, from the Debian archive and an OSV export on loopback. */
export async function fillStore({ cli, inputs, environment }, osvFolder) {
  const server = osvFolder === undefined ? undefined : await serve(osvFolder);
  const feeds = server === undefined ? ['--feeds', 'debian-archive'] : ['--feed', `osv=${server.url}`];
  try {
    await run(process.execPath, [cli, 'scan', inputs.plain, ...feeds, '-o', 'ids'], { env: environment });
  } finally {
    server?.close();
  }
}

async function serve(folder) {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://loopback').pathname);
    if (!existsSync(path) || !statSync(path).isFile()) response.writeHead(404).end();
    else createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
