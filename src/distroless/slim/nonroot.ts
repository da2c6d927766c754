import { baseName } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';

/** What speaks against running as somebody without privileges. */
export interface RootNeed {
  readonly kind: 'port' | 'program' | 'setuid' | 'unreadable' | 'writes';
  /** The port, the program, or the path. */
  readonly detail: string;
}

/** Servers that begin as root and become others, and tools that change who or what one is. */
const privileged =
  /^(?:nginx|apache2|httpd|lighttpd|php-fpm[\d.]*|sshd|crond?|anacron|supervisord|runsvdir|s6-svscan|tini-root|dnsmasq|named|exim4?|master|postfix|dovecot|rsyslogd|systemd|init|gosu|su-exec|setpriv|su|sudo|runuser|chroot|chown|start-stop-daemon|mount|iptables|nft|ip|sysctl|modprobe)$/;
const written = /\.(?:db|sqlite3?|log|pid|lock|rdb|aof)$/;
/** Of each kind: more tell a person no more. */
const most = 5;

export interface RootFacts {
  readonly config: ImageConfig;
  readonly plan: Plan;
  readonly filesystem: Filesystem;
}

/**
 * What of an image speaks against another user than root: ports below 1024, programs that change users, files that only
 * root can read, and what the application may write to and only root could. Empty when reading finds nothing.
 */
export function rootNeeds({ config, plan, filesystem }: RootFacts): readonly RootNeed[] {
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const modeOf = ({ path }: PlanEntry): number => filesystem.get(path)?.mode ?? 0;
  const isCommand = ({ path, type }: PlanEntry): boolean => type !== 'directory' && /\/s?bin\/[^/]+$/.test(path);
  const ports = (config.exposedPorts ?? []).filter((port) => Number.parseInt(port, 10) < 1024);
  const programs = kept.filter((entry) => isCommand(entry) && privileged.test(baseName(entry.path)));
  const setuid = kept.filter((entry) => entry.type === 'file' && (modeOf(entry) & 0o6000) !== 0 && isCommand(entry));
  const own = kept.filter(({ application, type }) => application === true && type !== 'symlink');
  const unreadable = own.filter((entry) => (modeOf(entry) & (entry.type === 'directory' ? 0o005 : 0o004)) === 0);
  const data = own.filter(({ path, type }) => type === 'file' && written.test(path));
  const volumes = (config.volumes ?? []).filter((path) => ((filesystem.resolve(path)?.mode ?? 0) & 0o002) === 0);
  const homes = [config.workingDir ?? ''].filter((path) => /^\/root(?:\/|$)/.test(path));
  const kinds = [
    ['port', ports],
    ['program', programs.map(({ path }) => path)],
    ['setuid', setuid.map(({ path }) => path)],
    ['unreadable', [...homes, ...unreadable.map(({ path }) => path)]],
    ['writes', [...volumes, ...data.map(({ path }) => path)]],
  ] as const;
  return kinds.flatMap(([kind, details]) => details.slice(0, most).map((detail): RootNeed => ({ kind, detail })));
}

/** Whether a user of an image configuration, `USER[:GROUP]`, is root. */
export function isRoot(user: string | undefined): boolean {
  return /^(?:|root|0+)$/.test((user ?? '').split(':')[0] ?? '');
}
