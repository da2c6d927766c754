import { CinzelError } from '../core/errors.ts';
import type { FileGroup, LayerFile } from './files.ts';
import { imageTree } from './image-tree.ts';

/** Names without `CAP_`, each at its number (linux/capability.h, Linux 5.9 and newer). */
export const capabilityNames = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
];

export type FileCapabilities = Readonly<Record<string, readonly string[]>>;

/**
 * Gives files the capabilities that a recipe names for their paths, permitted and effective as `setcap cap_NAME+ep` does;
 * links are followed. Throws `usage.capabilities` for a path at which the groups have no file.
 */
export function grantCapabilities(groups: readonly FileGroup[], wanted: FileCapabilities): readonly FileGroup[] {
  if (Object.keys(wanted).length === 0) return groups;
  const tree = imageTree(groups);
  const granted = new Map<string, Uint8Array>();
  for (const [path, names] of Object.entries(wanted)) {
    const real = tree.resolve(path);
    const found = real === undefined ? undefined : tree.get(real)?.header;
    const file = found?.type === 'hardlink' ? found.link : found?.type === 'file' ? found.name : undefined;
    if (file === undefined) throw new CinzelError('usage.capabilities', { path });
    granted.set(file, capabilityAttribute(names));
  }
  const grant = (file: LayerFile): LayerFile => {
    const value = granted.get(file.header.name);
    if (value === undefined || file.header.type !== 'file') return file;
    const xattrs = new Map([...(file.header.xattrs ?? []), ['security.capability', value] as const]);
    return { ...file, header: { ...file.header, xattrs } };
  };
  return groups.map((group) => ({ ...group, files: group.files.map(grant) }));
}

const revision2 = 0x0200_0000;
const effective = 1;

/** The attribute `security.capability` (linux/capability.h, `struct vfs_cap_data`, revision 2), in little endian. */
function capabilityAttribute(names: readonly string[]): Uint8Array {
  const permitted = names.reduce((bits, name) => bits | (1n << BigInt(capabilityNames.indexOf(name))), 0n);
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(revision2 | effective, 0);
  bytes.writeUInt32LE(Number(permitted & 0xffff_ffffn), 4);
  bytes.writeUInt32LE(Number(permitted >> 32n), 12);
  return bytes;
}

/** The capabilities that such an attribute gives; undefined for one that gives them otherwise than `setcap cap_NAME+ep`. */
export function heldCapabilities(attribute: Uint8Array): readonly string[] | undefined {
  if (attribute.length !== 20) return undefined;
  const bytes = Buffer.from(attribute);
  const permitted = BigInt(bytes.readUInt32LE(4)) | (BigInt(bytes.readUInt32LE(12)) << 32n);
  const names = capabilityNames.filter((_, index) => ((permitted >> BigInt(index)) & 1n) === 1n);
  return names.length > 0 && capabilityAttribute(names).every((byte, index) => byte === bytes[index])
    ? names
    : undefined;
}
