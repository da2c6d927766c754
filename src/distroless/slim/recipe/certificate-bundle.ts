import type { Filesystem } from '../../../filesystem/model.ts';

/** The file that `update-ca-certificates` makes. */
export const certificateBundle = 'etc/ssl/certs/ca-certificates.crt';

/** Whether a bundle holds the certificates of Debian's package in an image and no others, in whatever order. */
export async function isBundleOf(bundle: Uint8Array, filesystem: Filesystem): Promise<boolean> {
  const own = new Set<string>();
  for (const { path, type } of filesystem.entries()) {
    if (type === 'directory' || !/^\/usr\/share\/ca-certificates\/.*\.crt$/.test(path)) continue;
    for (const one of certificatesOf((await filesystem.read(path)) ?? new Uint8Array())) own.add(one);
  }
  const held = new Set(certificatesOf(bundle));
  return held.size === own.size && [...held].every((one) => own.has(one));
}

/** Base64 of each certificate (RFC 7468). */
function certificatesOf(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(([, base64 = '']) =>
    base64.replace(/\s/g, ''),
  );
}
