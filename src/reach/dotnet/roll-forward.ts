import { versionSchemes } from '../../versions/index.ts';

const { compare } = versionSchemes.semver;

/**
 * The version of a framework that the host takes for the one that an application was made for
 * (dotnet/runtime, docs/design/features/framework-version-resolution.md). Undefined when none will do.
 */
export function rollForward(wanted: string, there: readonly string[], policy: string): string | undefined {
  const [major, minor] = numbers(wanted);
  const higher = there.filter((one) => compare(one, wanted) >= 0).sort(compare);
  const releases = higher.filter((one) => !one.includes('-'));
  // A release is made for releases, as long as there are some.
  const candidates = wanted.includes('-') || releases.length === 0 ? higher : releases;
  const sameMajor = candidates.filter((one) => numbers(one)[0] === major);
  switch (policy.toLowerCase()) {
    case 'disable':
      return candidates.find((one) => one === wanted);
    case 'latestpatch':
      return latestPatch(sameMajor.filter((one) => numbers(one)[1] === minor));
    case 'latestminor':
      return sameMajor.at(-1);
    case 'latestmajor':
      return candidates.at(-1);
    case 'major':
      return latestPatch(candidates);
    default:
      return latestPatch(sameMajor);
  }
}

/** The newest patch of the lowest minor version. */
function latestPatch(sorted: readonly string[]): string | undefined {
  const [lowest] = sorted;
  if (lowest === undefined) return undefined;
  const [major, minor] = numbers(lowest);
  return sorted.findLast((one) => numbers(one)[0] === major && numbers(one)[1] === minor);
}

function numbers(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
}
