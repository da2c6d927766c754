/** SHA-256 of ".net core bundle", which the host searches itself for; the bundle's place stands before it. */
const signature = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');

/**
 * The `runtimeconfig.json` of an application that was published as one file (dotnet/runtime, `bundle/header.h`). Undefined
 * for a program that is no such file; empty for one without settings.
 */
export function bundledConfig(bytes: Uint8Array): string | undefined {
  const program = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = program.indexOf(signature);
  if (at < 8) return undefined;
  const header = Number(program.readBigUInt64LE(at - 8));
  // A host that no bundle was put into.
  if (header === 0 || header + 13 > program.length) return undefined;
  // Versions, count of files, and an id with its length in one byte; then the places of deps.json and of the settings.
  const places = header + 13 + program.readUInt8(header + 12) + 16;
  if (program.readUInt32LE(header) < 2 || places + 16 > program.length) return '';
  const start = Number(program.readBigUInt64LE(places));
  return program.toString('utf8', start, start + Number(program.readBigUInt64LE(places + 8)));
}
