import type { Invocation } from '../model.ts';
import type { Runner } from './runner.ts';

/** A program that runs another, which its arguments name. */
interface Wrapper {
  readonly names: RegExp;
  /** Options whose value is the next word. */
  readonly valued?: RegExp;
  /** Words that come before the command: a user, a duration. */
  readonly before?: number;
}

const list: readonly Wrapper[] = [
  { names: /^(?:tini|tini-static|docker-init|catatonit)$/, valued: /^-[pe]$/ },
  { names: /^dumb-init$/, valued: /^(?:-r|--rewrite)$/ },
  { names: /^(?:gosu|su-exec|s6-setuidgid|setuidgid)$/, before: 1 },
  { names: /^(?:timeout)$/, valued: /^(?:-k|--kill-after|-s|--signal)$/, before: 1 },
  { names: /^(?:nice)$/, valued: /^(?:-n|--adjustment)$/ },
  { names: /^(?:ionice)$/, valued: /^-[cnpP]$/ },
  { names: /^(?:stdbuf)$/, valued: /^-[ioe]$/ },
  { names: /^(?:nohup|setsid|time|eatmydata|with-contenv)$/ },
  { names: /^(?:taskset|flock|s6-envdir|envdir)$/, valued: /^(?:-[wE]|--timeout|--conflict-exit-code)$/, before: 1 },
  { names: /^xargs$/, valued: /^-[InPdLsEa]$/ },
  { names: /^(?:chroot)$/, before: 1 },
  { names: /^(?:sudo)$/, valued: /^(?:-[ugCDhpRrTt]|--user|--group)$/ },
  { names: /^(?:chpst)$/, valued: /^-[uUbenmdopcfr/]$/ },
  {
    names: /^(?:setpriv)$/,
    valued:
      /^--(?:reuid|regid|groups|bounding-set|inh-caps|ambient-caps|securebits|pdeathsig|selinux-label|apparmor-profile)$/,
  },
];

/** Init processes and changers of user, priority or surroundings. */
export const wrappers: readonly Runner[] = list.map(
  (wrapper): Runner => ({
    id: 'wrapper',
    programs: wrapper.names,
    run: (invocation) => ({ runs: wrapped(invocation, afterOptions(invocation.argv.slice(1), wrapper)) }),
  }),
);

/** `su [-] user -c LINE [-s SHELL]`, and `runuser` in the same form: the user's shell runs the line. */
export const suRunner: Runner = {
  id: 'su',
  programs: /^(?:su|runuser)$/,
  run: (invocation) => {
    const { argv } = invocation;
    const line = optionValue(argv, /^(?:-c|--command|--session-command)$/);
    if (line !== undefined) {
      return { runs: wrapped(invocation, [optionValue(argv, /^(?:-s|--shell)$/) ?? '/bin/sh', '-c', line]) };
    }
    const isDirect = argv.some((word) => /^(?:-u|--user(?:=.*)?)$/.test(word));
    const direct = { names: suRunner.programs, valued: /^(?:-[ugG]|--user|--group)$/ };
    return isDirect ? { runs: wrapped(invocation, afterOptions(argv.slice(1), direct)) } : {};
  },
};

/** The value of an option, which is the next word or stands after `=`. */
function optionValue(words: readonly string[], option: RegExp): string | undefined {
  const at = words.findIndex((word) => option.test(word.split('=')[0] ?? ''));
  const [, value] = /^--[\w-]+=(.*)$/s.exec(words[at] ?? '') ?? [];
  return value ?? (at < 0 ? undefined : words[at + 1]);
}

/** `find … -exec COMMAND … ;` and its like. */
export const findRunner: Runner = {
  id: 'find',
  programs: /^find$/,
  run: (invocation) => {
    const { argv } = invocation;
    const starts = argv.flatMap((word, index) => (/^-(?:exec|ok)(?:dir)?$/.test(word) ? [index + 1] : []));
    const commands = starts.map((start) => {
      const end = argv.findIndex((word, index) => index >= start && (word === ';' || word === '+'));
      return argv.slice(start, end < 0 ? undefined : end);
    });
    return { runs: commands.flatMap((command) => wrapped(invocation, command)) };
  },
};

/** `env [-i] [-u NAME] [NAME=VALUE…] COMMAND`; `-S` splits its argument into words. */
export const envRunner: Runner = {
  id: 'env',
  programs: /^env$/,
  run: (invocation) => {
    const words = invocation.argv.slice(1).flatMap((word) => {
      const split = /^(?:-S|--split-string=)(.+)$/s.exec(word)?.[1];
      return split === undefined ? [word] : split.split(/\s+/);
    });
    const rest = afterOptions(words[0] === '-S' ? words.slice(1) : words, {
      names: /^env$/,
      valued: /^(?:-[uC]|--unset|--chdir)$/,
    });
    const environment = new Map(invocation.environment);
    let at = 0;
    for (; at < rest.length; at++) {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(rest[at] ?? '') ?? [];
      if (name === undefined) break;
      environment.set(name, value ?? '');
    }
    return { runs: wrapped({ ...invocation, environment }, rest.slice(at)) };
  },
};

function wrapped(invocation: Invocation, argv: readonly string[]): readonly Invocation[] {
  const { from: _from, ...rest } = invocation;
  return argv.length === 0 ? [] : [{ ...rest, argv, kind: 'command' }];
}

function afterOptions(words: readonly string[], { valued, before = 0 }: Wrapper): readonly string[] {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    at += valued?.test(word) === true ? 2 : 1;
  }
  const rest = words.slice(at + before);
  return rest[0] === '--' ? rest.slice(1) : rest;
}
