/** Why an application cannot be laid into an image, or could not run in the one that was to hold it. */
export type ApplicationFault =
  | LibraryFault
  /** The path is no project, archive or program of the kind. */
  | { readonly kind: 'other'; readonly path: string; readonly expected: string }
  /** What the application depends on is not beside it. */
  | {
      readonly kind: 'not-installed';
      readonly path: string;
      /** Names, where they are known. */
      readonly missing: readonly string[];
      /** What would install them. */
      readonly command: string;
    }
  /** Nothing tells what is to be started. */
  | { readonly kind: 'no-main'; readonly path: string; readonly tried: readonly string[] }
  /** It was made for a version of its runtime that the image has not. */
  | {
      readonly kind: 'runtime';
      readonly path: string;
      readonly needed: string;
      /** What the image has; absent where it has none. */
      readonly available?: string;
      /** The distribution that has what is needed. */
      readonly release?: string;
    };

/** Why the dynamic loader would not start a program. */
export type LibraryFault =
  /** ELF's number of the processor. */
  | { readonly kind: 'machine'; readonly path: string; readonly machine: number }
  | { readonly kind: 'interpreter'; readonly path: string; readonly interpreter: string }
  | { readonly kind: 'library'; readonly path: string; readonly name: string }
  | {
      readonly kind: 'version';
      readonly path: string;
      readonly library: string;
      readonly version: string;
      /** Absent where the file as a whole needs it. */
      readonly symbol?: string;
      readonly available?: string;
      /** The distribution that has it. */
      readonly release?: string;
    };
