import type { FileGroup } from '../files.ts';
import type { OpenedPackage } from '../packages/package-files.ts';
import { alternativesProgram } from './alternatives.ts';
import { commandsOf, scriptLines } from './script-commands.ts';

/**
 * Packages whose scripts are known: what an image needs of them is done here (docs/build/scripts.md), or nothing is,
 * such as compiling Python, starting services, or asking the administrator.
 */
const handled: readonly RegExp[] = [
  /^base-(files|passwd)$/,
  /^busybox-static$/,
  /^ca-certificates(-java)?$/,
  /^dash$/,
  /^font(config|config-config|s-urw-base35)$/,
  /^(adwaita|hicolor)-icon-theme$/,
  /^(gawk|gcc|iproute2|java-common|pkgconf-bin|poppler-data|vim-common)$/,
  /^lib(c6|c-bin)$/,
  /^lib(gcrypt20|gssapi-krb5-2|pam0g|selinux1)$/,
  /^netbase$/,
  /^nginx(-common)?$/,
  /^nodejs$/,
  /^openjdk-\d+-jre-headless$/,
  /^perl(-base)?$/,
  /^php[\d.]+-(cli|common|opcache|readline)$/,
  /^procps$/,
  /^(lib)?python3(\.\d+)?(-minimal|-venv)?$/,
  /^readline-common$/,
  /^ruby[\d.]*$/,
  /^tzdata(-legacy)?$/,
];

/** A command that only asks. */
const question =
  /^(! )?(\[ .* \]|(test|command -v|which|type|grep|getent|dpkg --compare-versions|deb-systemd-helper) .*|update-alternatives --(query|list) .*)$/;

interface Condition {
  readonly package: RegExp;
  /** Nothing is to do where the image has such a path, or where it has none. */
  readonly paths: RegExp;
  readonly idleWhen: 'present' | 'absent';
}

/** Packages whose scripts do something only to some images. */
const conditions: readonly Condition[] = [
  {
    package: /^libglib2\.0-0(t64)?$/,
    paths: /^usr\/share\/glib-2\.0\/schemas\/.*\.(xml|override)$/,
    idleWhen: 'absent',
  },
  { package: /^bash$/, paths: /^(usr\/)?bin\/sh$/, idleWhen: 'present' },
  { package: /^coreutils$/, paths: /^usr\/bin\/touch$/, idleWhen: 'present' },
  { package: /^openssl$/, paths: /^usr\/lib\/ssl\//, idleWhen: 'present' },
];

/** What debhelper adds to scripts and an image does not need (debhelper(7)), and what only decides about other lines. */
const idle: readonly RegExp[] = [
  /^(set -e[ux]*|exit \d|return( \d)?|:|true|shift|break)$/,
  /^(then|else|fi|do|done|esac|;;|\{|\})( \|\| true)?;?$/,
  /^case [^;]* in$/,
  /^\(?[\w"*|\s-]+\)( ;;)?$/,
  /^for \w+ in [^;`]*(;\s*do)?$/,
  /^echo [^>;&|]*(>&2)?$/,
  /^(dpkg-maintscript-helper|rm_conffile|symlink_to_dir|dir_to_symlink|mv_conffile) .*$/,
  /^.*-- "\$@"$/,
  /^(py3compile|pypy3compile|pycompile) [^;`]*$/,
  /^(deb-systemd-helper|deb-systemd-invoke|invoke-rc\.d|update-rc\.d|systemctl|update-menus)\b[^;`]*$/,
  /^_dh_action=\w+$/,
  /^\. \/usr\/share\/debconf\/confmodule$/,
  /^db_\w+( [^;`]*)?$/,
];

/** The packages with a script of which nobody knows whether the image needs what it would have done. */
export function unhandledScripts(packages: readonly OpenedPackage[], groups: readonly FileGroup[]): readonly string[] {
  const has = (paths: RegExp): boolean =>
    groups.some(({ files }) => files.some(({ header }) => paths.test(header.name)));
  const isIdle = (name: string): boolean =>
    conditions.some((known) => known.package.test(name) && has(known.paths) === (known.idleWhen === 'present'));
  return packages
    .filter(({ locked: { name } }) => !handled.some((pattern) => pattern.test(name)) && !isIdle(name))
    .filter(({ content }) => doesSomething(content.control.get('postinst')?.content))
    .map(({ locked }) => locked.name)
    .sort();
}

function doesSomething(script: Uint8Array | undefined): boolean {
  const lines = script === undefined ? [] : scriptLines(script);
  if (!commandsOf(alternativesProgram, lines).isWhole) return true;
  return !lines.every((line) => line.startsWith(`${alternativesProgram} `) || isIdleLine(line));
}

function isIdleLine(line: string): boolean {
  const [, condition] = /^(?:if|elif) ([^;]*?)(?:;\s*then)?$/.exec(line) ?? [];
  if (condition !== undefined) return condition.split(/&&|\|\||\|/).every((term) => question.test(term.trim()));
  return idle.some((pattern) => pattern.test(line));
}
