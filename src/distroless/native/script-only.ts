/**
 * Packages that others depend on for their maintainer scripts, which are never run: questions to the administrator,
 * merging of configuration, users, services, menus. A recipe that wants one lists it.
 */
export const scriptOnly: readonly string[] = [
  'adduser',
  'base-passwd',
  'cdebconf',
  'debconf',
  'dpkg',
  'init-system-helpers',
  'install-info',
  'lsb-base',
  'passwd',
  'sensible-utils',
  'sysvinit-utils',
  'ucf',
  'update-inetd',
];
