declare module 'spdx-expression-parse' {
  type Expression =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | { readonly left: Expression; readonly conjunction: 'and' | 'or'; readonly right: Expression };
  /** Throws an Error when the text is no SPDX expression. */
  function parse(source: string): Expression;
  export = parse;
}
