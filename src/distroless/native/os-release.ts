import { type FileGroup, textFile } from '../files.ts';
import type { DebianRelease } from '../releases.ts';

/**
 * usr/lib/os-release, which the link etc/os-release of base-files names. The mode is the one that the images have
 * which ours are to equal.
 */
export function osReleaseGroup(prettyName: string | undefined, release: DebianRelease): readonly FileGroup[] {
  if (prettyName === undefined) return [];
  const { version, codename } = release;
  const fields = {
    PRETTY_NAME: prettyName,
    NAME: 'Debian GNU/Linux',
    ID: 'debian',
    VERSION_ID: version,
    VERSION: `Debian GNU/Linux ${version} (${codename})`,
    HOME_URL: 'https://github.com/GoogleContainerTools/distroless',
    SUPPORT_URL: 'https://github.com/GoogleContainerTools/distroless/blob/master/README.md',
    BUG_REPORT_URL: 'https://github.com/GoogleContainerTools/distroless/issues/new',
  };
  const text = Object.entries(fields)
    .map(([key, value]) => `${key}=${quoted(value)}\n`)
    .join('');
  return [{ kind: 'system', label: 'os-release', files: [textFile('/usr/lib/os-release', text, { mode: 0o555 })] }];
}

/** os-release(5): what a shell would read as itself. */
function quoted(value: string): string {
  return `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}
