import { createHash, X509Certificate } from 'node:crypto';
import { bytesFile, type FileGroup } from '../files.ts';
import { imageTree } from '../image-tree.ts';

const bundlePath = '/etc/ssl/certs/ca-certificates.crt';
const keystorePath = '/etc/ssl/certs/java/cacerts';
const magic = 0xfeedfeed;
const version = 2;
const trustedCertificate = 2;
/** The password that every Java expects of its own keystore, which holds no secret. */
const password = 'changeit';
/** What the format mixes into its checksum. */
const salt = 'Mighty Aphrodite';

/**
 * etc/ssl/certs/java/cacerts, which Debian's Java opens: the certificates of the bundle as a Java keystore. Each is
 * named by its subject and dated by its own beginning, so equal certificates give equal bytes.
 */
export function javaKeystoreGroup(groups: readonly FileGroup[]): readonly FileGroup[] {
  const tree = imageTree(groups);
  const hasJava = tree.list('/usr/lib/jvm').length > 0;
  const bundle = hasJava ? tree.read(bundlePath) : undefined;
  if (bundle === undefined) return [];
  const keystore = javaKeystore(readBundle(Buffer.from(bundle).toString('utf8')));
  return [{ kind: 'system', label: 'java keystore', files: [bytesFile(keystorePath, keystore)] }];
}

function readBundle(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** A keystore of the kind JKS, version 2, with trusted certificates alone. */
function javaKeystore(certificates: readonly X509Certificate[]): Uint8Array {
  const byAlias = new Map(certificates.map((certificate) => [aliasOf(certificate), certificate]));
  const entries = [...byAlias].map(([alias, certificate]) =>
    Buffer.concat([
      int(trustedCertificate),
      text(alias),
      long(Date.parse(certificate.validFrom)),
      text('X.509'),
      int(certificate.raw.length),
      certificate.raw,
    ]),
  );
  const content = Buffer.concat([int(magic), int(version), int(entries.length), ...entries]);
  const secret = Buffer.from(password, 'utf16le').swap16();
  return Buffer.concat([content, createHash('sha1').update(secret).update(salt).update(content).digest()]);
}

/** Two authorities may share a subject; their keys tell them apart. */
function aliasOf({ subject, fingerprint256 }: X509Certificate): string {
  const name = subject.split('\n').join(',').toLowerCase();
  return `${name} ${fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase()}`;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** Java's modified UTF-8 with its length; subjects that are written out have no NUL and nothing beyond plane 0. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
