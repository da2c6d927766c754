import { afterEach, expect, it } from 'vitest';
import { createHttpClient } from '../../net/http-client.ts';
import { makeCertificate } from '../../net/testing/certificate.ts';
import { serve } from '../../net/testing/serve.ts';
import { baseUrl, registryEndpoint } from './endpoint.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((item) => item.close()));
});

const { key, cert, file } = makeCertificate();

async function ask(
  tls?: { readonly key: string; readonly cert: string },
  caFiles: readonly string[] = [],
): Promise<URL> {
  const server = await serve((_, response) => response.end(), tls);
  const http = createHttpClient({ caFiles });
  open.push(server, http);
  return baseUrl(registryEndpoint(server.host, []), http, new AbortController().signal);
}

it('is plain HTTP on this machine when nothing there speaks TLS', async () => {
  expect((await ask()).protocol).toBe('http:');
});

it('is TLS when the server proves who it is', async () => {
  expect((await ask({ key, cert }, [file])).protocol).toBe('https:');
});

it('is never plain HTTP because a certificate cannot be trusted', async () => {
  await expect(ask({ key, cert })).rejects.toThrow(
    expect.objectContaining({
      code: 'environment.network',
      parameters: expect.objectContaining({ problem: 'certificate-self-signed' }),
    }),
  );
});
