import { parseDeb822 } from '../../formats/deb822.ts';
import type { Amount } from '../../reach/plan/model.ts';

/** Files of a listed package that are kept, and that there were; undefined for a package that is not listed. */
export type ListedPackage = (name: string, architecture: string | undefined) => Amount | undefined;

/** Says of a package how many of its files are kept, as `KEPT/TOTAL`. */
export const partialField = 'X-Cinzel-Kept';

/** The stanzas of the packages that are listed, as they were; those of which files are missing say so in a last field. */
export function rewriteStatus(text: string, listed: ListedPackage): string {
  const stanzas = text.split(/\n(?:[ \t\r]*\n)+/).flatMap((stanza) => {
    const [parsed] = parseDeb822(stanza);
    const name = parsed?.get('Package');
    const amount = name === undefined ? undefined : listed(name, parsed?.get('Architecture'));
    if (amount === undefined) return [];
    const own = withoutField(stanza);
    const total = Math.max(amount.total, totalBefore(parsed?.get(partialField)));
    return [amount.kept < total ? `${own}\n${partialField}: ${amount.kept}/${total}\n` : `${own}\n`];
  });
  return stanzas.join('\n');
}

/** An image that was slimmed before says how many files there were at first. */
function totalBefore(value: string | undefined): number {
  const [, total = '0'] = /^\d{1,9}\/(\d{1,9})$/.exec(value ?? '') ?? [];
  return Number(total);
}

function withoutField(stanza: string): string {
  return stanza
    .replace(/^X-Cinzel-Kept:.*(?:\n[ \t].*)*\n?/gim, '')
    .replace(/^\n+/, '')
    .trimEnd();
}
