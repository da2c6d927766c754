import { file, mention, type Phrase, phrase } from './phrases.ts';

/** It is about a patch's name, a test, or what an earlier changelog entry should have said. */
export const passingPhrases: readonly Phrase[] = [
  // "Refresh ….patch", "Rename …"
  {
    before: phrase`\b(?:refresh|rebas|rediff|renam|renumber|unfuzz)\w*\s+(?:(?:the|all|existing|remaining|backported|patch(?:es)?|for|of|and|from|[${mention}${file}])[\s,]+)*$`,
  },
  {
    name: /./,
    after: phrase`^\s*[:,(–-]?\s*(?:refresh|rebas|rediff|renam|unfuzz)(?:ed?|d|h)\b\s*(?:$|[.,;:)])`,
  },
  // "Add CVE ids to the previous changelog entry: …", "Fix typo in …"
  { before: phrase`(?<![/\w.-])changelog(?![-./\w]).{0,80}$` },
  { after: phrase`^.{0,60}(?<![/\w.-])changelog(?![-./\w])` },
  {
    before: phrase`\b(?:typo|(?:correct|fix|add|updat)\w*\s+(?:the\s+|an?\s+)?(?:missing\s+|wrong\s+)?(?:CVE|bug)[\s-]*(?:ids?|identifiers?|numbers?|names?|references?)|patch\s+headers?)\b[^.;(]{0,40}$`,
  },
  { before: phrase`(?<!not\s+)\bmention(?:s|ed|ing)?\s+(?:[\w-]+\s+){0,3}$` },
  // "Fix unit tests for …"
  {
    before: phrase`\b(?:add|fix|backport|updat|enabl|disabl|adjust|run|import)\w*\s+(?:(?!and\b|fix)[\w-]+\s+){0,7}tests?(?:\s*cases?)?\s+(?:for|of|from)\s+(?:the\s+)?$`,
  },
];
