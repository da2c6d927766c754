import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';

/**
 * The certificate authorities to trust: Node's own, the files given, and those of NODE_EXTRA_CA_CERTS and
 * SSL_CERT_FILE. Undefined when that is just Node's own. Throws `environment.read` for a given file that cannot be
 * read, and `untrusted.malformed` for one that begins with no certificate.
 */
export function trustedCertificates(
  files: readonly string[],
  environment: NodeJS.ProcessEnv,
): readonly string[] | undefined {
  // Node reads NODE_EXTRA_CA_CERTS itself, but not for connections that are given a list.
  const named = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((name) => environment[name] || []);
  const extra = [...files.map(readGiven), ...named.flatMap(readIfThere)];
  return extra.length === 0 ? undefined : [...rootCertificates, ...extra];
}

function readGiven(path: string): string {
  const text = readText(path);
  try {
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new CinzelError('untrusted.malformed', { what: path, problem: 'no-certificate' }, { cause });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  }
}

function readIfThere(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
