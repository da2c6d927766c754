import type { ProgressEvent, ProgressListener } from '../core/progress.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { escapeTerminal } from '../report/escape.ts';
import { createValueFormat, type ValueFormat } from '../report/value-format.ts';
import type { Terminal } from './terminal.ts';

/** Redraws are this far apart at least, in milliseconds. */
const interval = 100;

interface Task {
  readonly label: string;
  /** Bytes, as `done` is. */
  readonly total?: number;
  done: number;
}

interface Progress {
  readonly listener: ProgressListener;
  /** Wipes the line, so that something else may be written; it is drawn again at the next event. */
  readonly clear: () => void;
  readonly stop: () => void;
}

/**
 * One line on a terminal that says what is going on; elsewhere nothing. Which package archive is asked is said once,
 * terminal or not.
 */
export function createProgress(terminal: Terminal, catalogue: Catalogue, stream: NodeJS.WriteStream): Progress {
  const archives = new Set<string>();
  const sayArchive = (event: ProgressEvent): void => {
    if (event.kind !== 'archive' || archives.has(event.address)) return;
    archives.add(event.address);
    terminal.say(escapeTerminal(catalogue.commands.mirror(event.address)));
  };
  if (!terminal.interactive) return { listener: sayArchive, clear: () => {}, stop: () => {} };
  const format = createValueFormat(catalogue.language);
  const tasks = new Map<string, Task>();
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write('\r\x1b[K');
    drawn = false;
  };
  const draw = (): void => {
    timer = undefined;
    const line = [...tasks.values()].map((task) => describe(task, format)).join('  ');
    clear();
    if (line === '') return;
    stream.write(`\r${line.slice(0, Math.max(20, stream.columns) - 1)}`);
    drawn = true;
  };
  return {
    listener: (event) => {
      if (event.kind === 'archive') clear();
      sayArchive(event);
      apply(tasks, event, catalogue);
      timer ??= setTimeout(draw, interval);
      timer.unref();
    },
    clear,
    stop: () => {
      clearTimeout(timer);
      tasks.clear();
      clear();
    },
  };
}

function apply(tasks: Map<string, Task>, event: ProgressEvent, catalogue: Catalogue): void {
  switch (event.kind) {
    case 'start': {
      const label = escapeTerminal(catalogue.commands.progress[event.what](event.name));
      tasks.set(event.task, { label, done: 0, ...(event.total === undefined ? {} : { total: event.total }) });
      return;
    }
    case 'advance': {
      const task = tasks.get(event.task);
      if (task !== undefined) task.done = event.done;
      return;
    }
    case 'end':
      tasks.delete(event.task);
      return;
    case 'archive':
      return;
  }
}

function describe({ label, done, total }: Task, { bytes, share }: ValueFormat): string {
  if (total !== undefined && total > 0) return `${label} ${share(Math.min(1, done / total))} (${bytes(total)})`;
  return done > 0 ? `${label} ${bytes(done)}` : label;
}
