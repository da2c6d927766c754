import type { ShellCommand, ShellScript, Word, WordPart } from './model.ts';

/** Deeper nesting is no script that anybody wrote. */
const deepest = 60;
const skippedWords = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'do',
  'done',
  'while',
  'until',
  '{',
  '}',
  '!',
  'time',
  // A case inside a case is cut at its own `;;`, so that its end may stand alone.
  'esac',
]);
const wordEnd = /[\s;&|<>()]/;

/**
 * Reads the commands of a POSIX shell or Bash script (POSIX.1-2017, XCU chapter 2). Control flow is dropped: every
 * command counts, whichever branch it stands in. Never throws; what cannot be understood is passed over.
 */
export function readScript(text: string): ShellScript {
  const reader = new ScriptReader(text);
  reader.list(undefined, 0);
  return { commands: reader.commands, loops: reader.loops, functions: reader.functions };
}

class ScriptReader {
  readonly commands: ShellCommand[] = [];
  readonly loops: { readonly name: string; readonly words: readonly Word[] }[] = [];
  readonly functions = new Set<string>();
  readonly #text: string;
  #at = 0;
  #heredocs: { readonly delimiter: string; readonly tabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Commands up to a closing character, or the end. */
  list(close: ')' | '`' | undefined, depth: number): void {
    let command = newCommand();
    const end = (): void => {
      if (command.words.length + command.assignments.length + command.redirections.length > 0)
        this.commands.push(command);
      command = newCommand();
    };
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '\n') {
        this.#at++;
        this.#skipHeredocs();
        end();
      } else if (/\s/.test(character)) this.#at++;
      else if (character === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (character === '#') this.#skipLine();
      else if (character === close) {
        this.#at++;
        end();
        return;
      } else if (/[;&|]/.test(character)) {
        this.#at++;
        end();
      } else if (character === ')' || (character === '`' && close === '`')) {
        this.#at++;
        end();
      } else if (character === '(') {
        this.#at++;
        const [first] = command.words;
        if (command.words.length === 1 && /^\s*\)/.test(this.#text.slice(this.#at, this.#at + 20))) {
          const name = first === undefined ? undefined : plainText(first);
          if (name !== undefined) this.functions.add(name);
          this.#at = this.#text.indexOf(')', this.#at) + 1;
          command = newCommand();
        } else {
          end();
          if (depth < deepest) this.list(')', depth + 1);
        }
      } else if (character === '<' || character === '>') this.#redirection(command, depth);
      else this.#wordOrKeyword(command, depth);
    }
    end();
  }

  #wordOrKeyword(command: MutableCommand, depth: number): void {
    const start = this.#at;
    const word = this.#word(depth);
    if (this.#at === start) {
      this.#at++;
      return;
    }
    const text = plainText(word);
    if (text !== undefined && /^\d+$/.test(text) && /[<>]/.test(this.#text[this.#at] ?? '')) return;
    if (command.words.length > 0) {
      command.words.push(word);
      return;
    }
    const assignment = this.#assignment(word, depth);
    if (assignment !== undefined) command.assignments.push(assignment);
    else if (text === 'case') this.#case(depth);
    else if (text === 'for' || text === 'select') this.#for(depth);
    else if (text === 'function') this.functions.add(plainText(this.#nextWord(depth)) ?? '');
    else if (text === undefined || !skippedWords.has(text)) command.words.push(word);
  }

  /** `NAME=word`, `NAME+=word`, `NAME=(word …)`. */
  #assignment(word: Word, depth: number): MutableCommand['assignments'][number] | undefined {
    const [first, ...rest] = word;
    if (first?.kind !== 'text' || first.quoted) return undefined;
    const [, name, value = ''] = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=(.*)$/s.exec(first.text) ?? [];
    if (name === undefined) return undefined;
    if (value === '' && rest.length === 0 && this.#text[this.#at] === '(') {
      this.#at++;
      return { name, value: this.#words(')', depth) };
    }
    return { name, value: [[...(value === '' ? [] : [{ ...first, text: value }]), ...rest]] };
  }

  /** `case word in pattern) list ;; … esac`: the patterns are passed over, the lists are read as they come. */
  #case(depth: number): void {
    this.#nextWord(depth);
    const rest = this.#text.slice(this.#at);
    const opening = /^\s*(?:#[^\n]*\s*)*in\b/.exec(rest);
    if (opening === null) return;
    this.#at += opening[0].length;
    this.#pattern();
    // Each list ends at `;;`; what follows it is a pattern or `esac`. The reader of the list sees neither.
    const end = this.#caseEnd();
    const inner = this.#text.slice(this.#at, end);
    this.#at = end;
    if (depth < deepest) this.#nested(inner, depth);
  }

  #pattern(): void {
    const match = /^(?:\s|#[^\n]*\n)*\(?(?:"[^"]*"|'[^']*'|\\.|[^)"'\\])*\)/.exec(this.#text.slice(this.#at));
    if (match !== null && !/^\s*esac\b/.test(match[0])) this.#at += match[0].length;
  }

  /** Where the `esac` of this case stands; cases inside are counted. */
  #caseEnd(): number {
    const words = /(?:^|[\s;(])(case|esac)(?=[\s;)]|$)|'[^']*'|"(?:\\.|[^"\\])*"|#[^\n]*/g;
    words.lastIndex = this.#at;
    let open = 1;
    for (let match = words.exec(this.#text); match !== null; match = words.exec(this.#text)) {
      const [whole, word] = match;
      if (word === undefined) {
        // A mark that does not begin a word begins no comment.
        if (whole.startsWith('#') && /\S/.test(this.#text[match.index - 1] ?? ' ')) words.lastIndex = match.index + 1;
        continue;
      }
      open += word === 'case' ? 1 : -1;
      if (open === 0) return match.index + whole.length - 4;
    }
    return this.#text.length;
  }

  /** Lists of a case, with the patterns between them taken out. */
  #nested(inner: string, depth: number): void {
    const lists = inner.split(/;;&?|;&/);
    for (const [index, list] of lists.entries()) {
      const reader = new ScriptReader(list);
      if (index > 0) reader.#pattern();
      reader.list(undefined, depth + 1);
      this.#adopt(reader);
    }
    this.#at = Math.min(this.#text.length, this.#at + 4);
  }

  #adopt(reader: ScriptReader): void {
    this.commands.push(...reader.commands);
    this.loops.push(...reader.loops);
    for (const name of reader.functions) this.functions.add(name);
  }

  #for(depth: number): void {
    const name = plainText(this.#nextWord(depth));
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return;
    const opening = /^\s*in\b/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (opening === null) {
      this.loops.push({ name, words: [[{ kind: 'variable', name: '@', quoted: true }]] });
      return;
    }
    this.#at += opening[0].length;
    this.loops.push({ name, words: this.#words('\n', depth) });
  }

  /** Words up to a closing parenthesis, or to the end of the command. */
  #words(close: ')' | '\n', depth: number): readonly Word[] {
    const words: Word[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === close || (close === '\n' && character === ';')) {
        this.#at++;
        break;
      }
      if (/\s/.test(character)) this.#at++;
      else if (character === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (character === '#' && close === ')') this.#skipLine();
      else {
        const start = this.#at;
        const word = this.#word(depth);
        if (this.#at === start) break;
        words.push(word);
      }
    }
    return words;
  }

  #nextWord(depth: number): Word {
    while (/[ \t]/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#word(depth);
  }

  #redirection(command: MutableCommand, depth: number): void {
    const operator =
      /^(?:<<<|<<-?|<&|>&|<>|>>|>\||<\(|>\(|<|>)/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0] ?? '<';
    this.#at += operator.length;
    if (operator.endsWith('(')) {
      if (depth < deepest) this.list(')', depth + 1);
      return;
    }
    const word = this.#nextWord(depth);
    if (operator === '<<' || operator === '<<-') {
      const delimiter = word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      this.#heredocs.push({ delimiter, tabs: operator === '<<-' });
    } else if (operator !== '<<<' && !operator.endsWith('&')) command.redirections.push(word);
  }

  #skipHeredocs(): void {
    for (const { delimiter, tabs } of this.#heredocs) {
      while (this.#at < this.#text.length) {
        const end = this.#text.indexOf('\n', this.#at);
        const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
        this.#at = end < 0 ? this.#text.length : end + 1;
        if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
      }
    }
    this.#heredocs = [];
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #word(depth: number): Word {
    const parts: WordPart[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (wordEnd.test(character)) break;
      if (character === "'") parts.push(this.#singleQuoted());
      else if (character === '"') parts.push(...this.#doubleQuoted(depth));
      else if (character === '\\') {
        if (this.#text[this.#at + 1] !== '\n') parts.push(text(this.#text[this.#at + 1] ?? '', true));
        this.#at += 2;
      } else if (character === '$') parts.push(...this.#dollar(depth, false));
      else if (character === '`') parts.push(this.#substitution('`', depth));
      else {
        const plain = /^[^\s;&|<>()'"\\$`]+/.exec(this.#text.slice(this.#at, this.#at + 4096))?.[0] ?? character;
        parts.push(text(plain, false));
        this.#at += plain.length;
      }
    }
    return parts;
  }

  #singleQuoted(): WordPart {
    const end = this.#text.indexOf("'", this.#at + 1);
    const content = this.#text.slice(this.#at + 1, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return text(content, true);
  }

  #doubleQuoted(depth: number): readonly WordPart[] {
    const parts: WordPart[] = [text('', true)];
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '"') {
        this.#at++;
        break;
      }
      if (character === '\\') {
        const next = this.#text[this.#at + 1] ?? '';
        if (next !== '\n') parts.push(text(/["\\$`]/.test(next) ? next : `\\${next}`, true));
        this.#at += 2;
      } else if (character === '$') parts.push(...this.#dollar(depth, true));
      else if (character === '`') parts.push(this.#substitution('`', depth));
      else {
        const plain = /^[^"\\$`]+/.exec(this.#text.slice(this.#at, this.#at + 4096))?.[0] ?? character;
        parts.push(text(plain, true));
        this.#at += plain.length;
      }
    }
    return parts;
  }

  #dollar(depth: number, quoted: boolean): readonly WordPart[] {
    const rest = this.#text.slice(this.#at, this.#at + 200);
    if (rest.startsWith('$((')) {
      const end = this.#text.indexOf('))', this.#at);
      this.#at = end < 0 ? this.#text.length : end + 2;
      return [{ kind: 'computed' }];
    }
    if (rest.startsWith('$(')) {
      this.#at++;
      return [this.#substitution(')', depth)];
    }
    if (rest.startsWith("$'") && !quoted) {
      this.#at++;
      return [this.#singleQuoted()];
    }
    if (rest.startsWith('${')) return [this.#parameter(depth, quoted)];
    const name = /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest)?.[1];
    this.#at += 1 + (name?.length ?? 0);
    return [name === undefined ? text('$', quoted) : { kind: 'variable', name, quoted }];
  }

  #parameter(depth: number, quoted: boolean): WordPart {
    const [head = '${', name] =
      /^\$\{[#!]?([A-Za-z_]\w*|[0-9]+|[@*#?$!-])?(?:\[[^\]]*\])?/.exec(this.#text.slice(this.#at, this.#at + 200)) ??
      [];
    this.#at += head.length;
    const operator = /^:?[-=+?]/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
    const plain = this.#text[this.#at] === '}';
    this.#at += operator?.length ?? 0;
    const fallback = this.#upToBrace(depth);
    if (name === undefined || head.startsWith('${#') || head.startsWith('${!')) return { kind: 'computed' };
    if (operator?.endsWith('-') === true || operator?.endsWith('=') === true)
      return { kind: 'variable', name, quoted, fallback };
    return plain || operator?.endsWith('?') === true
      ? { kind: 'variable', name, quoted }
      : { kind: 'variable', name, quoted, changed: true };
  }

  #upToBrace(depth: number): Word {
    const parts: WordPart[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '}') {
        this.#at++;
        break;
      }
      if (character === "'") parts.push(this.#singleQuoted());
      else if (character === '"') parts.push(...this.#doubleQuoted(depth));
      else if (character === '\\') {
        parts.push(text(this.#text[this.#at + 1] ?? '', true));
        this.#at += 2;
      } else if (character === '$' && depth < deepest) parts.push(...this.#dollar(depth + 1, true));
      else if (character === '`') parts.push(this.#substitution('`', depth));
      else {
        parts.push(text(character, true));
        this.#at++;
      }
    }
    return parts;
  }

  /** The commands in it count too; what they print is not known. */
  #substitution(close: ')' | '`', depth: number): WordPart {
    this.#at++;
    if (depth >= deepest) {
      this.#at = this.#text.length;
      return { kind: 'computed' };
    }
    if (close === ')') this.list(')', depth + 1);
    else {
      const end = this.#text.indexOf('`', this.#at);
      const reader = new ScriptReader(this.#text.slice(this.#at, end < 0 ? undefined : end));
      this.#at = end < 0 ? this.#text.length : end + 1;
      reader.list(undefined, depth + 1);
      this.#adopt(reader);
    }
    return { kind: 'computed' };
  }
}

interface MutableCommand extends ShellCommand {
  readonly assignments: { readonly name: string; readonly value: readonly Word[] }[];
  readonly words: Word[];
  readonly redirections: Word[];
}

function newCommand(): MutableCommand {
  return { assignments: [], words: [], redirections: [] };
}

function text(content: string, quoted: boolean): WordPart {
  return { kind: 'text', text: content, quoted };
}

/** The text of a word that holds nothing else, and is not quoted where that would make it no keyword. */
function plainText(word: Word): string | undefined {
  if (word.length === 0 || word.some((part) => part.kind !== 'text' || part.quoted)) return undefined;
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}
