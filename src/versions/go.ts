import { compareParsed } from './compare-parsed.ts';
import type { VersionScheme } from './scheme.ts';
import { compareSemanticVersions, parseSemanticVersion, type SemanticVersion } from './semver.ts';

/** Toolchain versions (`go1.21.3`, `1.21rc2`), which OSV publishes as `1.21.0-rc.2` of the module `stdlib`. */
const toolchain = /^(?:go)?(\d+(?:\.\d+){0,2})(?:(rc|beta|alpha)(\d+))?(?:[-+ ].*)?$/s;
const strictModule = /^v?(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)(?:[-+][0-9A-Za-z.+-]+)?)?)?$/;

function parse(version: string): SemanticVersion | undefined {
  return parseSemanticVersion(toolchainAsModule(version));
}

/**
 * Only strings that say that they are of a toolchain are rewritten; what follows a space or hyphen there
 * (`go1.22.1-custom`, `go1.22.1 X:boringcrypto`) names a build and has no part in the order.
 */
function toolchainAsModule(version: string): string {
  if (!version.startsWith('go') && !/^[\d.]+[abr]/.test(version)) return version;
  const match = toolchain.exec(version);
  if (match === null) return version;
  const [, release = '', stage, number] = match;
  return stage === undefined ? release : `${release}-${stage}.${number}`;
}

/** Go module versions with or without the leading `v`, pseudo-versions, and toolchain versions. */
export const goScheme: VersionScheme = {
  id: 'go',
  displayName: 'Go modules',
  specification: 'https://go.dev/ref/mod#versions',
  isValid: (version) => strictModule.test(version) || (version.startsWith('go') && toolchain.test(version)),
  compare: compareParsed(parse, compareSemanticVersions),
};
