import { type ReleaseId, releases } from '../releases.ts';
import { type ReadyName, readyNames } from './index.ts';
import { type VariantName, variants } from './variants.ts';

/** What the name of a ready recipe says. */
export interface ReadyReference {
  readonly name: ReadyName;
  readonly release?: ReleaseId;
  readonly variants: readonly VariantName[];
}

/** `NAME[-debianN][:debug|:nonroot|:debug-nonroot]`; undefined for anything else. */
export function parseReadyName(text: string): ReadyReference | undefined {
  const [base = '', variant, ...rest] = text.split(':');
  if (rest.length > 0) return undefined;
  const release = releases.find(({ id }) => base.endsWith(`-${id}`))?.id;
  const name = readyNames.find(
    (ready) => ready === (release === undefined ? base : base.slice(0, -release.length - 1)),
  );
  const words = variant?.split('-') ?? [];
  if (name === undefined || !words.every(isVariant)) return undefined;
  return { name, ...(release === undefined ? {} : { release }), variants: words };
}

function isVariant(word: string): word is VariantName {
  return Object.hasOwn(variants, word);
}
