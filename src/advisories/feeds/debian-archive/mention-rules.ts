/** Why a mention of a CVE in a changelog says nothing about a fix in that entry. */
export type MentionKind =
  /** It says that the package is not affected, that the fix is not there or that it was taken out again. */
  | 'negated'
  /** It names the CVE to speak of another fix: one that was incomplete, bypassed, or broke something. */
  | 'refers'
  /** It is about a patch's name, a test or an earlier changelog entry. */
  | 'aside';

/**
 * One turn of phrase. All of its expressions must hold: `before` on what stands before the CVE in its sentence, `after`
 * on what follows there, `rest` on what follows in the whole statement, `name` on the name of the file that holds it.
 * In these texts other CVEs are the single characters `mention` and `file`.
 */
export interface MentionRule {
  readonly kind: MentionKind;
  readonly before?: RegExp;
  readonly after?: RegExp;
  readonly rest?: RegExp;
  readonly name?: RegExp;
}

/** Stands for a CVE, or several listed together. */
export const mention = '\uE000';
/** Stands for the name of a file that contains one. */
export const file = '\uE001';

const listed = `(?:[${mention}${file}](?:\\s*\\([^)]*\\))?[\\s,/]*(?:and\\s+|or\\s+)?)*`;
const dropped = '(?<![\\w-])(?:drop|remov|delet|unappl|obsolet)\\w*';
/** Words that begin another change in the same sentence: what was dropped ends there. */
const otherChange =
  '\\b(?:add(?:s|ed|ing)?|fix(?:es|ing)?(?!\\s+(?:for|of|to)\\b)|backport(?:s|ed)?|updat\\w+|refresh\\w*|apply|cherry\\w*|import\\w*|ensure\\w*|introduc\\w*|replac\\w*)\\b';
const patchWord = '(?:patch|fix|diff|change|commit|backport)(?:es|s)?';
const auxiliaries = '(?:(?:has|have|been|was|were|is|are|being|now)\\s+)*';
const notAffected =
  '(?:not\\s+(?:\\w+\\s+)?(?:affect(?:ed|s|ing)?|vulnerable|susceptible|impacted|exposed|applicable)|unaffected)';

function rule(source: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  return new RegExp(String.raw(source, ...parts).replaceAll(/\s*\n\s*/g, ''), 'iu');
}

/** The phrases, by what they mean. The examples are from Debian's changelogs. */
export const mentionRules: readonly MentionRule[] = [
  // "This version is not affected by …", "isn't vulnerable to …", "not affected: …"
  {
    kind: 'negated',
    before: rule`(?:\b${notAffected}|n't\s+(?:affected|vulnerable))\s*(?:by|to|for|from|with)?\s*(?:the\s+)?(?:following\s+)?(?:issues?|CVEs?|problems?)?\s*[:([]?\s*${listed}$`,
  },
  // "… does not affect this version", "… (not affected, SSLv2 disabled)", "… is Windows specific, does not apply to Linux"
  {
    kind: 'negated',
    after: rule`^[\s)\]"']*(?:[:,(–-]\s*)?(?:(?:which|that|and|is|are|was|were|has|have|does|do|did|issue|bug|itself|also|currently|still|windows|specific|only|therefore|thus)[\s,]+)*(?:\bnot\b|\w+n't\b|\bno\s+longer\b)\s+(?:(?:actually|really|directly|currently|yet|been)\s+)*(?:affect(?:ed|s|ing)?|vulnerable|exploitable|relevant|applicable|appl(?:y|ies)(?=\s*(?:$|[.,;)]|to\b|here\b|for\b))|fixed(?!\s+(?:completely|fully|correctly|properly|in|by)\b))\b(?!\s+(?:if|unless|when|by\s+default)\b)`,
  },
  {
    kind: 'negated',
    after: rule`^[\s)\]"']*(?:[:,(–-]\s*)?(?:(?:is|are|was|were|remains?|still)\s+)*(?:unaffected|unfixed|unpatched)\b`,
  },
  // "This does not affect Debian binary packages", "Debian build was not vulnerable since …"
  {
    kind: 'negated',
    rest: rule`\bthis\s+(?:does\s+not|doesn't)\s+(?:affect|apply\s+to|concern)\s+(?:the\s+)?debian\b`,
  },
  {
    kind: 'negated',
    rest: rule`\bdebian(?:'s)?\s+(?:\*?binary\*?\s+)?(?:builds?|packages?|binaries|version)\s+(?:is|are|was|were)\s+(?:[\w,-]+\s+){0,8}?not\s+(?:affected|vulnerable)\b(?!\s+(?:by|to|if|unless|when)\b)`,
  },
  {
    kind: 'negated',
    rest: rule`\b(?:this\s+version|this\s+package|debian)\s+(?:is|was)\s+(?:therefore\s+|thus\s+)?not\s+(?:affected|vulnerable)\b(?!\s+(?:by|to|if|unless|when)\b)`,
  },
  // "The following do not apply here: …"
  { kind: 'negated', before: rule`\b(?:do|does)\s+not\s+(?:apply|affect)\b[^.;]{0,40}:\s.*$` },
  // "does not fix …", "not yet fixed: …", "… without a fix for …"
  {
    kind: 'negated',
    before: rule`\b(?:does|do|did)(?:\s+not|n't)\s+(?:yet\s+)?(?:fix|address|include|contain|resolve|cover)\w*\s+(?:the\s+)?(?:fix(?:es)?\s+for\s+)?${listed}$`,
  },
  {
    kind: 'negated',
    before: rule`\b(?:unfixed|unpatched|not\s+(?:yet\s+)?(?:been\s+)?fixed|without\s+(?:an?\s+|any\s+)?(?:fix|patch)(?:es)?\s+for)\b[\s:]*(?:CVEs?\s*|issues?\s*)?:?\s*${listed}$`,
  },
  // "Revert fixes for …", "Revert the incorrect patch for …"; but `Revert "…" (CVE)` is upstream's change that fixes it
  {
    kind: 'negated',
    before: rule`\brevert(?:s|ed|ing)?:?\s+(?:(?!(?:to|as|addition|fixing|which|because|due|and|add|support)\b)[\w'"/.*,${mention}${file}-]+\s+){0,8}$`,
  },
  {
    kind: 'negated',
    before: rule`\brevert(?:s|ed|ing)?\s+[^().;"“]{0,60}\b(?:fix|patch|backport)\w*\b[^().;"“]{0,60}\(\s*$`,
  },
  { kind: 'negated', after: rule`^\s*(?:${patchWord})?\s*(?:(?:was|were|is|are|been|has|have|:)\s*)*reverted\b` },
  // "Drop CVE-….patch", "Drop patches applied upstream: …", "Removed the fix for …", "….patch: removed, applied upstream"
  { kind: 'negated', before: rule`\b${dropped}\b(?:(?!${otherChange}).)*$`, name: /./ },
  {
    kind: 'negated',
    before: rule`\b${dropped}\s+(?:(?!${otherChange}).)*\b(?:patch|fix|diff)(?:es|s)?\b(?:(?!${otherChange}).)*$`,
  },
  {
    kind: 'negated',
    before: rule`\b${dropped}\s+(?:(?!${otherChange})[^\s.;]+\s+){0,8}$`,
    after: rule`^\s+${patchWord}\b`,
  },
  {
    kind: 'negated',
    name: /./,
    after: rule`^\s*(?:${patchWord}\s*)?[:,–-]?\s*${auxiliaries}(?:dropp?|remov|delet|unappl|obsolet)(?:ed|e|ied)?\b\s*(?:$|[.,;:()–-]|(?:as|since|because|fixed|applied|included|merged|upstream|no\s+longer|now|in\s+favou?r|due)\b)`,
  },
  {
    kind: 'negated',
    after: rule`^\s+${patchWord}\s*[:,-]?\s*${auxiliaries}(?:dropped|removed|deleted|reverted|unapplied|disabled)\b`,
  },

  // "incomplete fix for …", "the fix for … was incomplete"
  {
    kind: 'refers',
    before: rule`\b(?:incomplete|partial|insufficient|incorrect|wrong|broken)(?:ly)?\s+(?:\w+\s+){0,2}?(?:fix(?:es|ed)?|patch(?:es|ed)?|mitigat\w+|backport\w*|correction)\s*(?:of|for|to|from|in)?\s*(?:the\s+)?$`,
  },
  { kind: 'refers', after: rule`^\s*(?:${patchWord}\s+)?(?:was|were|is|being)\s+(?:\w+\s+)?incomplete\b` },
  { kind: 'refers', after: rule`^\s+incomplete\s+(?:fix|patch)\b(?!\s*(?:(?:of|for|to)\s+)?[${mention}${file}])` },
  // "bypass of …", "bypass of the fix for …", "Bypass incomplete fix of …"
  { kind: 'refers', before: rule`\bbypass(?:es|ed|ing)?\s+of\s+(?:the\s+)?$` },
  {
    kind: 'refers',
    before: rule`\bbypass(?:es|ed|ing)?\s+(?:of\s+)?(?:the\s+)?(?:[\w-]+\s+){0,2}?(?:fix(?:es)?|patch(?:es)?|mitigations?|protections?)\s+(?:of|for|in|from|against)\s+(?:the\s+)?$`,
  },
  // "regression of …", "regression introduced by the fix for …", "… regression", "… fix caused a regression"
  {
    kind: 'refers',
    before: rule`\bregress(?:ion|ions|ed)?\b(?![\s-]+tests?\b)\s+\(?(?:(?!(?:and|also|fixes)\b|fix\s+[${mention}${file}])[^\s.;:(),]+\s+){0,14}$`,
  },
  { kind: 'refers', before: rule`\bregression[\s-]+(?:fix|update|patch)\w*\s*(?:for\s+)?[:(]?\s*$` },
  { kind: 'refers', before: rule`^\s*[[(]?${mention}[\])]?\s*:[^.;]*\bregression\b(?!\s+test)[^.;()]*\(\s*$` },
  {
    kind: 'refers',
    after: rule`^\s*(?:'s\s+)?(?:(?:security\s+)?${patchWord}\s+)?(?:[\w-]+\s+){0,2}?regressions?\b(?![\s-]+tests?\b)`,
  },
  {
    kind: 'refers',
    before: rule`\b(?:fix\w*|patch\w*|updat\w*|backport\w*|changes?|mitigation)\s+(?:(?:for|of|in|to|from)\s+)?(?:the\s+)?$`,
    after: rule`^[^.;]{0,60}\b(?:introduc|caus|trigger|led|result|creat)\w*\s+(?:\w+\s+){0,3}regress`,
  },
  {
    kind: 'refers',
    name: /./,
    after: rule`^[^.;]{0,60}\b(?:introduc|caus|trigger|led|result|creat)\w*\s+(?:\w+\s+){0,3}regress`,
  },
  { kind: 'refers', name: /regress|follow-?up/i },
  // "crash introduced by the fix for …", "build failure caused by … patch"
  {
    kind: 'refers',
    before: rule`\b(?:introduced|caused|broken|triggered)\s+(?:by|in|with|through|after)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}?(?:fix\w*|patch\w*|update|changes?|mitigation|backport\w*)?\s*(?:for|of|to|in)?\s*(?:the\s+)?$`,
  },
  // "follow-up change for …", "… follow-up"
  {
    kind: 'refers',
    before: rule`\bfollow(?:s|ing|ed)?[- ]?ups?\b\s*(?:(?!and\b|fix(?:es)?\s*[${mention}${file}])[^\s.;:()]+\s+){0,6}$`,
  },
  { kind: 'refers', after: rule`^\s*(?:[\w-]+\s+){0,3}?follow-?\s?ups?\b` },
  // "apply the … fix to …", "apply the fix for … to …"
  {
    kind: 'refers',
    before: rule`\bappl(?:y|ies|ied)\s+(?:the\s+)(?:\w+\s+){0,2}?$`,
    after: rule`^\s+${patchWord}\s+(?:also\s+)?to\b`,
  },
  {
    kind: 'refers',
    before: rule`\bappl(?:y|ies|ied)\s+(?:the\s+)(?:same\s+)?${patchWord}\s+(?:for|of|from)\s+$`,
    after: rule`^\s+(?:also\s+)?to\s+(?:the|an?|our|all|other|\S*[./]\S*)\b`,
  },

  // "Refresh ….patch", "Rename …"
  {
    kind: 'aside',
    before: rule`\b(?:refresh|rebas|rediff|renam|renumber|unfuzz)\w*\s+(?:(?:the|all|patch(?:es)?|for|of|and|from|[${mention}${file}])[\s,]+)*$`,
  },
  {
    kind: 'aside',
    name: /./,
    after: rule`^\s*[:,(–-]?\s*(?:refresh|rebas|rediff|renam|unfuzz)(?:ed?|d|h)\b\s*(?:$|[.,;:)])`,
  },
  // "Add CVE ids to the previous changelog entry: …", "Fix typo in …"
  { kind: 'aside', before: rule`(?<![/\w.-])changelog(?![-./\w])[^.;]{0,80}$` },
  { kind: 'aside', after: rule`^[^.;]{0,60}(?<![/\w.-])changelog(?![-./\w])` },
  {
    kind: 'aside',
    before: rule`\b(?:typo|(?:correct|fix|add|updat)\w*\s+(?:the\s+|an?\s+)?(?:missing\s+|wrong\s+)?(?:CVE|bug)[\s-]*(?:ids?|identifiers?|numbers?|names?|references?)|patch\s+headers?)\b[^.;(]{0,40}$`,
  },
  // "Fix unit tests for …"
  {
    kind: 'aside',
    before: rule`\b(?:add|fix|backport|updat|enabl|disabl|adjust|run|import)\w*\s+(?:(?!and\b|fix)[\w-]+\s+){0,4}tests?(?:\s*cases?)?\s+(?:for|of|from)\s+(?:the\s+)?$`,
  },
];

/** Headings whose items are all negated, unless an item says itself that it is a change. */
export const negatingHeadings: readonly RegExp[] = [
  // "The following CVEs are not affecting this version:"
  rule`^(?!.*\b(?:fix|backport)).*\b(?:${notAffected}|(?:do|does)\s+not\s+(?:apply|affect)|unfixed|not\s+(?:yet\s+)?fixed)\b[^.;]{0,60}:$`,
  // "Drop patches applied upstream:", "Removed:"
  rule`^(?:\[\w+\]\s*)?(?:[^\s:]+:\s+)?${dropped}\b(?:(?!${otherChange}).)*\b(?:patch|diff)(?:es|s)?\b`,
  rule`\b(?:dropped|removed):?$`,
  rule`\bpatch(?:es)?\s+(?:are|were|is|was)\s+(?:\w+\s+)?(?:obsolete|dropped|removed)\b`,
];

/** What an item says that is a change of its own, whatever its heading says. */
export const ownChange = rule`^(?:add|fix|backport|new|cherry|apply|import|updat)\w*\b`;
