import type { OpenedApkPackage } from './opened.ts';

/** Packages whose scripts are known: what an image needs of them is done here, or nothing is. */
const handled = /^(alpine-baselayout(-data)?|wolfi-baselayout|busybox|ca-certificates(-bundle)?|musl|glibc)$/;
/** Scripts that run when a package comes, and those that run when a path changes. */
const run = ['.pre-install', '.post-install', '.trigger'];

/** The packages with a script of which nobody knows whether the image needs what it would have done. */
export function unhandledApkScripts(packages: readonly OpenedApkPackage[]): readonly string[] {
  return packages
    .filter(({ locked, scripts }) => !handled.test(locked.name) && scripts.some((name) => run.includes(name)))
    .map(({ locked }) => locked.name)
    .sort();
}
