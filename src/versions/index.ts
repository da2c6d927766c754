import { apkScheme } from './apk.ts';
import { composerScheme } from './composer.ts';
import { debScheme } from './deb.ts';
import { gemScheme } from './gem.ts';
import { goScheme } from './go.ts';
import { mavenScheme } from './maven.ts';
import { nugetScheme } from './nuget.ts';
import { pep440Scheme } from './pep440.ts';
import { rpmScheme } from './rpm.ts';
import type { SchemeId, VersionScheme } from './scheme.ts';
import { semverScheme } from './semver.ts';

/** Every version order; a new one is its file and a line here. */
export const versionSchemes: Readonly<Record<SchemeId, VersionScheme>> = {
  deb: debScheme,
  apk: apkScheme,
  rpm: rpmScheme,
  semver: semverScheme,
  pep440: pep440Scheme,
  gem: gemScheme,
  composer: composerScheme,
  maven: mavenScheme,
  nuget: nugetScheme,
  go: goScheme,
};
