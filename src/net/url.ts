/** The address as it may be shown: without user, password and query, where signed addresses have their secrets. */
export function withoutSecrets(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
