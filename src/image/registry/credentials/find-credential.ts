import type { Credential } from './credential.ts';
import { credentialFiles, findInFile } from './credential-file.ts';
import { askHelper } from './helper.ts';

/**
 * The credential that the machine's container tools have for a repository of a registry: the first file that knows one
 * counts. Undefined when there is none. A helper that fails throws what it failed with.
 */
export async function findCredential(
  registry: string,
  repository: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  for (const path of credentialFiles(environment)) {
    const entry = findInFile(path, registry, repository);
    if (entry?.kind === 'credential') return entry.credential;
    const credential = entry && (await askHelper(entry.helper, entry.server, environment));
    if (credential !== undefined) return credential;
  }
  return undefined;
}
