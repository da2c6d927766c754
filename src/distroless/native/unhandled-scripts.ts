import type { OpenedPackage } from '../packages/package-files.ts';

/**
 * Packages whose scripts are known: what an image needs of them is done here (docs/build/scripts.md), or nothing is,
 * such as compiling Python, starting services, or asking the administrator.
 */
const handled: readonly RegExp[] = [
  /^base-(files|passwd)$/,
  /^busybox-static$/,
  /^ca-certificates$/,
  /^fontconfig-config$/,
  /^lib(c6|c-bin)$/,
  /^netbase$/,
  /^nginx(-common)?$/,
  /^nodejs$/,
  /^openjdk-\d+-jre-headless$/,
  /^perl(-base)?$/,
  /^php[\d.]+-(cli|common|opcache|readline)$/,
  /^(lib)?python3(\.\d+)?(-minimal|-venv)?$/,
  /^readline-common$/,
  /^ruby[\d.]*$/,
  /^tzdata(-legacy)?$/,
];

/** What debhelper adds to scripts and an image does not need (debhelper(7)). */
const idle =
  /^(#.*|set -e|exit 0|(dpkg-maintscript-helper|rm_conffile|symlink_to_dir|dir_to_symlink|mv_conffile) .*|.*-- "\$@"|\s*)$/;

/** The packages with a postinst of which nobody knows whether the image needs what it would have done. */
export function unhandledScripts(packages: readonly OpenedPackage[]): readonly string[] {
  return packages
    .filter(({ locked }) => !handled.some((pattern) => pattern.test(locked.name)))
    .filter(({ content }) => doesSomething(content.control.get('postinst')?.content))
    .map(({ locked }) => locked.name)
    .sort();
}

function doesSomething(script: Uint8Array | undefined): boolean {
  if (script === undefined) return false;
  return Buffer.from(script)
    .toString('utf8')
    .split('\n')
    .some((line) => !idle.test(line.trim()));
}
