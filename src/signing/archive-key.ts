/** A public key that signs a package archive. */
export interface ArchiveKey {
  /** Of the primary key, upper-case hexadecimal. */
  readonly fingerprint: string;
  readonly name: string;
  /** The transferable public key (RFC 4880 11.1), base64. */
  readonly data: string;
}
