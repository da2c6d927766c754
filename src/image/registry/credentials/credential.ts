/** What proves to a registry who asks. */
export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** A refresh token of OAuth 2, exchanged for access tokens. */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** An access token, used as it is. */
  | { readonly kind: 'access-token'; readonly token: string };

/** The value of an Authorization header (RFC 7617). */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
