import { findTool } from './tools.ts';

/** A command that runs the one after it in the network of a process. */
export function enterNetwork(pid: number): readonly string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  return [findTool('nsenter', process.env), '--target', String(pid), '--net', ...user, '--'];
}
