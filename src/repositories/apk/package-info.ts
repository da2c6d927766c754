/** Values of a .PKGINFO by key, in their order: lines of `key = value`, where a key may come several times. */
export type PackageInfo = ReadonlyMap<string, readonly string[]>;

export function parsePackageInfo(bytes: Uint8Array): PackageInfo {
  const info = new Map<string, string[]>();
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    const [, key, value = ''] = /^([a-z_]+) = (.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const known = info.get(key);
    if (known === undefined) info.set(key, [value.trim()]);
    else known.push(value.trim());
  }
  return info;
}
