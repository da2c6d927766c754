import { CinzelError } from '../../core/errors.ts';
import { type DownloadOptions, downloadFile } from '../apt/download.ts';
import { openApk } from './read-apk.ts';
import type { ApkRepository } from './repository.ts';

/** What is known of a .apk before it is fetched: from an index, or from a lock. */
export interface WantedApk {
  readonly name: string;
  readonly version: string;
  /** Label of the repository that has it. */
  readonly archive: string;
  /** Below the repository. */
  readonly filename: string;
  readonly size: number;
  readonly checksum: string;
}

export interface ApkDownloadOptions extends Omit<DownloadOptions, 'mirrors'> {
  readonly repositories: readonly ApkRepository[];
}

/** The bytes of a .apk whose control member is the one wanted and whose data is the one that it promises. */
export async function downloadApk(wanted: WantedApk, options: ApkDownloadOptions): Promise<Buffer> {
  const { name, version, archive, filename, size, checksum } = wanted;
  const { repositories } = options;
  const address = repositories.find(({ label }) => label === archive)?.url;
  if (address === undefined)
    throw new CinzelError('environment.not-found', { what: { kind: 'repository', name: archive } });
  const bytes = await downloadFile(
    {
      label: `${name} ${version}`,
      key: `apk/${Buffer.from(checksum.slice(2), 'base64').toString('hex')}`,
      archive,
      filename,
      size,
      digest: checksum,
      digestOf: (found) => openApk(bufferOf(found), { what: filename, checksum }).checksum,
      missing: new CinzelError('environment.not-found', { what: `${name} ${version}` }),
    },
    {
      ...options,
      mirrors: {
        main: address,
        security: address,
        others: { [archive]: address },
        credentials: repositories.flatMap(({ credential }) => credential ?? []),
        origin: 'given',
      },
    },
  );
  return bufferOf(bytes);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
