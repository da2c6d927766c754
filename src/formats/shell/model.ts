/** A piece of a word. Text that was not quoted may hold patterns. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** What stands in for it when it is unset: `${NAME:-word}`. */
      readonly fallback?: Word;
      /** Its value is changed before it is used: `${NAME%.sh}`. */
      readonly changed?: true;
    }
  /** What a command prints, or arithmetic. */
  | { readonly kind: 'computed' };

export type Word = readonly WordPart[];

/** A simple command: what it sets, and its words; redirections by their targets. */
export interface ShellCommand {
  readonly assignments: readonly { readonly name: string; readonly value: readonly Word[] }[];
  readonly words: readonly Word[];
  readonly redirections: readonly Word[];
}

/** The commands of a script in the order in which they stand, those of its compounds, functions and substitutions too. */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Variables of `for` loops, with the words that they run over. */
  readonly loops: readonly { readonly name: string; readonly words: readonly Word[] }[];
  readonly functions: ReadonlySet<string>;
}
