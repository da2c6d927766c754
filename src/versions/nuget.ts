import { compareParsed } from './compare-parsed.ts';
import type { VersionScheme } from './scheme.ts';
import { compareSemanticVersions, parseSemanticVersion, type SemanticVersion } from './semver.ts';

const strictVersion =
  /^\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** NuGet compares pre-release identifiers without regard to case. */
function parse(version: string): SemanticVersion | undefined {
  return parseSemanticVersion(version.toLowerCase());
}

/** SemVer 2.0.0 with up to four parts, missing ones and leading zeros allowed, and case-insensitive pre-releases. */
export const nugetScheme: VersionScheme = {
  id: 'nuget',
  displayName: 'NuGet',
  specification: 'https://learn.microsoft.com/nuget/concepts/package-versioning',
  isValid: (version) => strictVersion.test(version),
  compare: compareParsed(parse, compareSemanticVersions),
};
