import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { formatPlatform, type Platform } from '../image/model.ts';
import { hostPlatform } from '../image/platform.ts';

/** Where Linux lists what runs programs of other architectures (binfmt_misc). */
const emulators = '/proc/sys/fs/binfmt_misc';

/** Names of architectures as QEMU has them, where they are not those of OCI. */
const qemuNames: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64', '386': 'i386' };

/** What a processor runs besides its own programs. */
const kin: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };

/**
 * Throws `environment.platform` when this machine cannot run programs of a platform: its processor is another, and no
 * emulator is registered. Where engines have a machine of their own nothing is known, and nothing is thrown.
 */
export async function requireRunnable(platform: Platform): Promise<void> {
  if (process.platform !== 'linux') return;
  const machine = hostPlatform();
  const { architecture } = platform;
  if (architecture === machine.architecture || kin[machine.architecture]?.includes(architecture)) return;
  if (await isEmulated(qemuNames[architecture] ?? architecture)) return;
  throw new CinzelError('environment.platform', {
    image: formatPlatform(platform),
    machine: formatPlatform(machine),
  });
}

async function isEmulated(name: string): Promise<boolean> {
  const registered = await readdir(emulators).catch(() => []);
  for (const one of registered.filter((file) => file.endsWith(`-${name}`))) {
    const text = await readFile(join(emulators, one), 'utf8').catch(() => '');
    if (text.startsWith('enabled')) return true;
  }
  return false;
}
