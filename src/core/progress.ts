/** What happens while long work goes on; a terminal may draw it, a server may forward it. */
export type ProgressEvent =
  | {
      readonly kind: 'start';
      readonly task: string;
      readonly what: ProgressTask;
      readonly name: string;
      readonly total?: number;
    }
  | { readonly kind: 'advance'; readonly task: string; readonly done: number }
  /** A package archive is asked; the address has no secrets. */
  | { readonly kind: 'archive'; readonly address: string }
  | { readonly kind: 'end'; readonly task: string; readonly cached?: boolean };

/** The kinds of long work, as `i18n/` names them. */
export type ProgressTask = 'layer' | 'feed' | 'download' | 'changelog' | 'match' | 'copy';

export type ProgressListener = (event: ProgressEvent) => void;
