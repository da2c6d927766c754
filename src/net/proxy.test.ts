import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.example.com:3128';

describe('the proxy for an address', () => {
  it.each<[NodeJS.ProcessEnv, string, string | undefined]>([
    [{}, 'http://example.com/', undefined],
    [{ HTTP_PROXY: proxy }, 'http://example.com/', proxy],
    [{ HTTP_PROXY: proxy }, 'https://example.com/', undefined],
    [{ https_proxy: proxy, HTTPS_PROXY: 'http://other' }, 'https://example.com/', proxy],
    [{ https_proxy: '', HTTPS_PROXY: proxy }, 'https://example.com/', proxy],
    [{ ALL_PROXY: proxy }, 'https://example.com/', proxy],
    [{ http_proxy: 'proxy:3128' }, 'http://example.com/', 'http://proxy:3128'],
  ])('%j for %s', (environment, url, expected) => {
    expect(proxyFor(new URL(url), environment)).toBe(expected);
  });

  it.each([
    ['*', 'https://example.com/', true],
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://sub.example.com/', true],
    ['.example.com', 'https://sub.example.com/', true],
    ['*.example.com', 'https://sub.example.com/', true],
    ['EXAMPLE.com', 'https://example.COM/', true],
    ['example.com', 'https://notexample.com/', false],
    ['a, example.com b', 'https://example.com/', true],
    ['example.com:8443', 'https://example.com:8443/', true],
    ['example.com:8443', 'https://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/99', 'http://10.1.2.3/', false],
    ['10.0.0.0/8', 'http://ten.example.com/', false],
    ['127.0.0.1', 'http://127.0.0.1:5000/', true],
    ['0.0.1', 'http://127.0.0.1/', false],
    ['::1', 'http://[::1]:5000/', true],
    ['[::1]:5000', 'http://[::1]:5000/', true],
    ['[::1]:5001', 'http://[::1]:5000/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['', 'http://example.com/', false],
  ])('NO_PROXY %s exempts %s: %s', (list, url, exempt) => {
    const environment = { http_proxy: proxy, https_proxy: proxy, no_proxy: list };
    expect(proxyFor(new URL(url), environment) === undefined).toBe(exempt);
  });
});
