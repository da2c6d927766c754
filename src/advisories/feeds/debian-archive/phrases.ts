/**
 * One turn of phrase around a CVE. All of its expressions must hold: `before` on what stands before the CVE in its
 * sentence, `after` on what follows there, `rest` on what follows in the whole statement, `name` on the name of the
 * file that holds it. In these texts other CVEs are the single characters `mention` and `file`.
 *
 * The expressions run on a few hundred characters at most; the examples are from Debian's changelogs.
 */
export interface Phrase {
  readonly before?: RegExp;
  readonly after?: RegExp;
  readonly rest?: RegExp;
  readonly name?: RegExp;
}

/** Stands for a CVE, or several listed together. */
export const mention = '\uE000';
/** Stands for the name of a file that contains one. */
export const file = '\uE001';

/** CVEs that are listed before this one, with notes in parentheses. */
export const listed = `(?:[${mention}${file}](?:\\s*\\([^)]*\\))?[\\s,/]*(?:and\\s+|or\\s+)?)*`;
export const dropped = '(?<![\\w-])(?:drop|remov|delet|unappl|obsolet)\\w*';
/** Words that begin another change in the same sentence: what was dropped ends there. */
export const otherChange =
  '\\b(?:add(?:s|ed|ing)?|fix(?:es|ing)?(?!\\s+(?:for|of|to)\\b)|backports?|updat\\w+|refresh\\w*|apply|cherry\\w*|import\\w*|ensure\\w*|introduc\\w*|replac\\w*)\\b';
export const patchWord = '(?:patch|fix|diff|change|commit|backport)(?:es|s)?';
export const auxiliaries = '(?:(?:has|have|been|was|were|is|are|being|now)\\s+)*';
export const notAffected =
  '(?:not\\s+(?:\\w+\\s+)?(?:affect(?:ed|s|ing)?|vulnerable|susceptible|impacted|exposed|applicable)|unaffected)';

/** An expression without regard to case, in which line breaks and the spaces around them mean nothing. */
export function phrase(source: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  return new RegExp(String.raw(source, ...parts).replaceAll(/\s*\n\s*/g, ''), 'iu');
}
