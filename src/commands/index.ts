import type { Command } from './command.ts';

/** Every command; each is loaded only when it is called. Words of a command with a subcommand are joined by a space. */
export const commands = {
  scan: async () => (await import('./scan.ts')).scan,
  why: async () => (await import('./why.ts')).why,
  sbom: async () => (await import('./sbom.ts')).sbom,
  report: async () => (await import('./report.ts')).report,
  build: async () => (await import('./build.ts')).build,
  slim: async () => (await import('./slim.ts')).slim,
  'contract record': async () => (await import('./contract-record.ts')).contractRecord,
  'contract check': async () => (await import('./contract-check.ts')).contractCheck,
  lock: async () => (await import('./lock.ts')).lock,
  verify: async () => (await import('./verify.ts')).verify,
  copy: async () => (await import('./copy.ts')).copy,
  'db update': async () => (await import('./db-update.ts')).dbUpdate,
  'db status': async () => (await import('./db-status.ts')).dbStatus,
  'cache df': async () => (await import('./cache-df.ts')).cacheDf,
  'cache prune': async () => (await import('./cache-prune.ts')).cachePrune,
  config: async () => (await import('./config.ts')).config,
  completion: async () => (await import('./completion.ts')).completion,
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandId = keyof typeof commands;

export const commandIds = Object.keys(commands) as readonly CommandId[];
