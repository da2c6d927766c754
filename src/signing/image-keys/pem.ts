/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  /** With its first and last line. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** The first block whose label fits; undefined when there is none. */
export function findPem(text: string, fits: (label: string) => boolean): PemBlock | undefined {
  for (const [whole, label = '', body = ''] of text.matchAll(
    /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]+?)-----END \1-----/g,
  )) {
    if (fits(label)) return { label, text: whole, bytes: Buffer.from(body, 'base64') };
  }
  return undefined;
}
