import {
  auxiliaries,
  dropped,
  file,
  listed,
  mention,
  notAffected,
  otherChange,
  type Phrase,
  patchWord,
  phrase,
} from './phrases.ts';

/** It says that the package is not affected, that the fix is not there, or that it was taken out again. */
export const negatedPhrases: readonly Phrase[] = [
  // "This version is not affected by …", "isn't vulnerable to …", "not affected: …"
  {
    before: phrase`(?:\b${notAffected}|n't\s+(?:affected|vulnerable))\s*(?:by|to|for|from|with)?\s*(?:the\s+)?(?:following\s+)?(?:issues?|CVEs?|problems?)?\s*[:([]?\s*${listed}$`,
  },
  // "… does not affect this version", "… (not affected, SSLv2 disabled)", "… is Windows specific, does not apply to Linux"
  {
    after: phrase`^[\s)\]"']*(?:[:,(–-]\s*)?(?:(?:which|that|and|is|are|was|were|has|have|does|do|did|issue|bug|itself|also|currently|still|windows|specific|only|therefore|thus)[\s,]+)*(?:\bnot\b|\w+n't\b|\bno\s+longer\b)\s+(?:(?:actually|really|directly|currently|yet|been)\s+)*(?:affect(?:ed|s|ing)?|vulnerable|exploitable|relevant|applicable|appl(?:y|ies)(?=\s*(?:$|[.,;)]|to\b|here\b|for\b))|fixed(?!\s+(?:completely|fully|correctly|properly|in|by)\b))\b(?!\s+(?:if|unless|when|by\s+default)\b)`,
  },
  {
    after: phrase`^[\s)\]"']*(?:[:,(–-]\s*)?(?:(?:is|are|was|were|remains?|still)\s+)*(?:unaffected|unfixed|unpatched)\b`,
  },
  // "This does not affect Debian binary packages", "Debian build was not vulnerable since …"
  {
    rest: phrase`\bthis\s+(?:does\s+not|doesn't)\s+(?:affect|apply\s+to|concern)\s+(?:the\s+)?debian\b`,
  },
  {
    rest: phrase`\bdebian(?:'s)?\s+(?:\*?binary\*?\s+)?(?:builds?|packages?|binaries|version)\s+(?:is|are|was|were)\s+(?:[\w,-]+\s+){0,8}?not\s+(?:affected|vulnerable)\b(?!\s+(?:by|to|if|unless|when)\b)`,
  },
  {
    rest: phrase`\b(?:this\s+version|this\s+package|debian)\s+(?:is|was)\s+(?:therefore\s+|thus\s+)?not\s+(?:affected|vulnerable)\b(?!\s+(?:by|to|if|unless|when)\b)`,
  },
  // "The following do not apply here: …"
  { before: phrase`\b(?:do|does)\s+not\s+(?:apply|affect)\b[^.;]{0,40}:\s.*$` },
  // "does not fix …", "not yet fixed: …", "… without a fix for …"
  {
    before: phrase`\b(?:does|do|did)(?:\s+not|n't)\s+(?:yet\s+)?(?:fix|address|include|contain|resolve|cover)\w*\s+(?:the\s+)?(?:fix(?:es)?\s+for\s+)?${listed}$`,
  },
  {
    before: phrase`\b(?:unfixed|unpatched|not\s+(?:yet\s+)?(?:been\s+)?fixed|without\s+(?:an?\s+|any\s+)?(?:fix|patch)(?:es)?\s+for)\b[\s:]*(?:CVEs?\s*|issues?\s*)?:?\s*${listed}$`,
  },
  // "Revert fixes for …", "Revert the incorrect patch for …"; but `Revert "…" (CVE)` is upstream's change that fixes it
  {
    before: phrase`\brevert(?:s|ed|ing)?:?\s+(?:(?!(?:to|as|addition|fixing|which|because|due|and|add|support)\b)[\w'"/.*,${mention}${file}-]+\s+){0,8}$`,
  },
  {
    before: phrase`\brevert(?:s|ed|ing)?\s+[^().;"“]{0,60}\b(?:fix|patch|backport)\w*\b[^().;"“]{0,60}\(\s*$`,
  },
  { after: phrase`^\s*(?:${patchWord})?\s*(?:(?:was|were|is|are|been|has|have|:)\s*)*reverted\b` },
  // "Drop CVE-….patch", "Drop patches applied upstream: …", "Removed the fix for …", "….patch: removed, applied upstream"
  { before: phrase`\b${dropped}\b(?:(?!${otherChange}).)*$`, name: /./ },
  {
    before: phrase`\b${dropped}\s+(?:(?!${otherChange})[^(])*\b(?:patch|fix|diff)(?:es|s)?\b(?:(?!${otherChange})[^(])*$`,
  },
  {
    before: phrase`\b${dropped}\s+(?:(?!${otherChange})[^(])*\bpatch(?:es)?\b(?:(?!${otherChange})[^(])*\([^)]*$`,
  },
  {
    before: phrase`\b${dropped}\s+(?:(?!${otherChange})[^\s.;]+\s+){0,8}$`,
    after: phrase`^\s+${patchWord}\b`,
  },
  {
    name: /./,
    after: phrase`^\s*(?:${patchWord}\s*)?[:,–-]?\s*${auxiliaries}(?:dropp?|remov|delet|unappl|obsolet)(?:ed|e|ied)?(?:\s+(?:obsolete|this|the)\s+patch)?\b\s*(?:$|[.,;:()–-]|(?:as|since|because|fixed|applied|included|merged|upstream|no\s+longer|now|in\s+favou?r|due)\b)`,
  },
  {
    after: phrase`^\s+${patchWord}\s*[:,-]?\s*${auxiliaries}(?:dropped|removed|deleted|reverted|unapplied|disabled)\b`,
  },
];
