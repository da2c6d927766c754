import type { ConcreteProbe, Fields } from '../model.ts';
import { playHttp } from './http-probe.ts';
import type { Played } from './probe-player.ts';
import { playExec, playRun } from './process-probes.ts';
import { playFiles, playLogs, playUp } from './state-probes.ts';
import { playTcp } from './tcp-probe.ts';
import { playWebSocket } from './websocket-probe.ts';

/** Plays a probe of any kind. Rejects when there is no answer. */
export function playProbe(probe: ConcreteProbe, played: Played): Promise<Fields> {
  if ('http' in probe) return playHttp(probe, played);
  if ('websocket' in probe) return playWebSocket(probe, played);
  if ('tcp' in probe) return playTcp(probe, played);
  if ('exec' in probe) return playExec(probe, played);
  if ('run' in probe) return playRun(probe, played);
  if ('logs' in probe) return playLogs(probe, played);
  if ('files' in probe) return playFiles(probe, played);
  return playUp(probe, played);
}

/** How reports call a probe that has no name of its own. */
export function probeName(probe: ConcreteProbe): string {
  if (probe.name !== undefined) return probe.name;
  if ('http' in probe)
    return `${probe.method ?? (probe.body === undefined ? 'GET' : 'POST')} ${portText(probe)}${probe.http}`;
  if ('websocket' in probe) return `WebSocket ${portText(probe)}${probe.websocket}`;
  if ('tcp' in probe) return `TCP ${probe.tcp}`;
  if ('exec' in probe) return `exec ${probe.exec.join(' ')}`;
  if ('run' in probe) return `run ${[...(probe.command ?? []), ...probe.run].join(' ')}`.trim();
  if ('logs' in probe) return `logs ${probe.logs.join(', ')}`;
  if ('files' in probe) return `files ${probe.files.join(', ')}`;
  return `up ${probe.up}`;
}

function portText({ port }: { readonly port?: number | undefined }): string {
  return port === undefined ? '' : `:${port}`;
}
