import { plainWords } from '../plain-command.ts';
import type { Probe } from './probe-command.ts';

/** A healthcheck that asks one thing, understood. */
export interface ReadProbe {
  readonly probe: Probe;
  /** The words that asked, without the shell's. */
  readonly words: readonly string[];
}

/** Docker's forms: `["CMD", word…]` and `["CMD-SHELL", script]` (image specification of Docker 1.2, "Healthcheck"). */
export function readProbe([kind, ...rest]: readonly string[]): ReadProbe | undefined {
  const words = kind === 'CMD' ? rest : kind === 'CMD-SHELL' ? wordsOf(rest.join(' ')) : undefined;
  const [program = '', ...flags] = words ?? [];
  const probe = readers[program.slice(program.lastIndexOf('/') + 1)]?.(flags);
  return words === undefined || probe === undefined ? undefined : { probe, words };
}

/** What follows a command and only says how it fails or where its words go. */
const ending = /\s*(?:\|\|\s*(?:exit(?:\s+\d+)?|false|\(exit 1\)))?\s*;?\s*$/;
const silence = /\s+(?:[12&]?>\s*\/dev\/null|2>\s*&1|1?>\s*&2)/g;

/** The words of a script that asks, whatever it says of how that ends. */
function wordsOf(script: string): readonly string[] | undefined {
  return plainWords(script.replace(ending, '').replace(silence, ''));
}

const readers: Readonly<Record<string, (flags: readonly string[]) => Probe | undefined>> = {
  curl: (flags) => {
    const read = readFlags(flags, /^(?:-[fsSLqvg]+|--(?:fail|silent|show-error|location|no-progress-meter|globoff))$/, {
      valued: /^(?:-[fsSLqvg]*[om]|--(?:output|max-time|connect-timeout))$/,
    });
    // Without this flag any answer is a good one.
    const fails = flags.some((flag) => flag === '--fail' || /^-[a-zA-Z]*f/.test(flag));
    return fails ? page(read) : undefined;
  },
  wget: (flags) =>
    page(
      readFlags(
        flags,
        /^(?:-q|-nv|-S|-qO-|-O-|-qO\/dev\/null|-[Tt]\d+|--(?:spider|quiet|no-verbose|(?:tries|timeout)=\d+|output-document=(?:-|\/dev\/null)))$/,
        { valued: /^(?:-q?[OTtY]|--(?:tries|timeout|output-document))$/ },
      ),
    ),
  nc: (flags) => {
    if (!flags.some((flag) => /^-[a-z]*z/.test(flag))) return undefined;
    const [host = '', port = '', ...more] = readFlags(flags, /^-[zvn]+$|^-w\d+$/, { valued: /^-[zvn]*w$/ }) ?? [];
    const isHere = more.length === 0 && isLocal(host) && /^\d{1,5}$/.test(port);
    return isHere ? { kind: 'tcp', port: Number(port) } : undefined;
  },
};

/** What is left of words without the flags that change nothing; undefined when there are others. */
function readFlags(
  words: readonly string[],
  ignored: RegExp,
  { valued }: { readonly valued: RegExp },
): readonly string[] | undefined {
  const left: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) left.push(word);
    else if (valued.test(word)) at++;
    else if (!ignored.test(word)) return undefined;
  }
  return left;
}

/** The one page that is asked for. TLS is left to who knows the certificate. */
function page(words: readonly string[] | undefined): Probe | undefined {
  const [word, ...more] = words ?? [];
  if (word === undefined || more.length > 0) return undefined;
  const text = word.includes('://') ? word : `http://${word}`;
  if (!text.startsWith('http://') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? { kind: 'http', url: url.href } : undefined;
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '0.0.0.0';
}
