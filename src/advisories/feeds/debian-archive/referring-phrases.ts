import { file, mention, type Phrase, patchWord, phrase } from './phrases.ts';

/** It names the CVE to speak of another fix: one that was incomplete, was bypassed, or broke something. */
export const referringPhrases: readonly Phrase[] = [
  // "incomplete fix for …", "the fix for … was incomplete"
  {
    before: phrase`\b(?:(?:incomplete|partial|insufficient|incorrect|wrong|broken)\s+(?:\w+\s+){0,2}?(?:fix(?:es)?|patch(?:es)?|mitigations?|backport\w*|correction)|(?:incomplete|incorrect|wrong|insufficient)ly\s+(?:fixed|patched|mitigated))\s*(?:of|for|to|from|in)?\s*(?:the\s+)?$`,
  },
  { after: phrase`^\s*(?:${patchWord}\s+)?(?:was|were|is|being)\s+(?:\w+\s+)?incomplete\b` },
  { after: phrase`^[^.;:,]{0,40},?\s+but\s+the\s+(?:fix|patch)\s+(?:was|is)\s+(?:\w+\s+)?incomplete\b` },
  { after: phrase`^\s+incomplete\s+(?:fix|patch)\b(?!\s*(?:(?:of|for|to)\s+)?[${mention}${file}])` },
  // "Fix backport of the patch for …"
  {
    before: phrase`\bfix\w*\s+(?:the\s+)?backport\s+(?:of|for)\s+(?:the\s+)?(?:(?:patch|fix)(?:es)?\s+)?(?:of|for)\s+(?:the\s+)?$`,
  },
  // "bypass of …", "bypass of the fix for …", "Bypass incomplete fix of …"
  { before: phrase`\bbypass(?:es|ed|ing)?\s+of\s+(?:the\s+)?$` },
  {
    before: phrase`\bbypass(?:es|ed|ing)?\s+(?:of\s+)?(?:the\s+)?(?:[\w-]+\s+){0,2}?(?:fix(?:es)?|patch(?:es)?|mitigations?|protections?)\s+(?:of|for|in|from|against)\s+(?:the\s+)?$`,
  },
  { before: phrase`\(\s*$`, after: phrase`^\s+bypass\s*\)` },
  // "regression of …", "regression introduced by the fix for …", "… regression", "… fix caused a regression"
  {
    before: phrase`\bregress(?:ion|ions|ed)?\b(?![\s-]+tests?\b)\s+\(?(?:(?!(?:and|also|fixes)\b|fix\s+[${mention}${file}])[^\s.;:(),]+\s+){0,14}$`,
  },
  { before: phrase`\bregression[\s-]+(?:fix|update|patch)\w*\s*(?:for\s+)?[:(]?\s*$` },
  { before: phrase`^\s*[[(]?${mention}[\])]?\s*:[^.;]*\bregression\b(?!\s+test)[^.;()]*\(\s*$` },
  {
    after: phrase`^\s*(?:'s\s+)?(?:(?:security\s+)?${patchWord}\s+)?(?:[\w-]+\s+){0,2}?regressions?\b(?![\s-]+tests?\b)`,
  },
  {
    before: phrase`\b(?:fix\w*|patch\w*|updat\w*|backport\w*|changes?|mitigation)\s+(?:(?:for|of|in|to|from)\s+)?(?:the\s+)?$`,
    after: phrase`^[^.;]{0,60}\b(?:introduc|caus|trigger|led|result|creat)\w*\s+(?:\w+\s+){0,3}regress`,
  },
  {
    name: /./,
    after: phrase`^[^.;]{0,60}\b(?:introduc|caus|trigger|led|result|creat)\w*\s+(?:\w+\s+){0,3}regress`,
  },
  // "The fix for … accidentally caused settings to not be applied"
  {
    before: phrase`(?:^|\bthe\s+)(?:(?:original|previous|initial|upstream)\s+)?(?:fix|patch)(?:es)?\s+for\s+(?:the\s+)?$`,
    after: phrase`^[^.;]{0,120}\b(?:introduced|caused|broke|inadvertently|accidentally|intended)\b`,
  },
  // "The fix for … in the python3.9 source package", "as prerequisite for fixing … in flatpak", "fixup for … patch"
  {
    before: phrase`\bthe\s+fix(?:es)?\s+for\s+(?:the\s+)?$`,
    after: phrase`^\s+in\s+(?:the\s+)?\S+\s+(?:source\s+)?package\b`,
  },
  { before: phrase`\b(?:pre-?requisite|in\s+preparation)\s+(?:for|to|of)\s+[^.;()]{0,60}$` },
  { before: phrase`\bfix-?ups?\s+(?:for|of|to)\s+(?:the\s+)?(?:${patchWord}\s+(?:for|of)\s+)?$` },
  // "CVE-…-1.patch: Fix a regression", "CVE-…: follow-up fix wrong check"
  { name: /./, after: phrase`^\s*:\s*fix\w*\s+(?:an?\s+)?regression\b` },
  { after: phrase`^\s*:\s*follow-?\s?up\b(?!\s+(?:\w+\s+)?(?:for|to|of)\b)` },
  // "… was already fixed in the previous upload"
  { after: phrase`^[\s)\]]*(?:was|were|is)\s+already\s+fixed\b` },
  { name: /regress|follow-?up/i },
  // "crash introduced by the fix for …", "build failure caused by … patch"
  {
    before: phrase`\b(?:introduced|caused|broken|triggered)\s+(?:by|in|with|through|after)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}?(?:fix\w*|patch\w*|update|changes?|mitigation|backport\w*)?\s*(?:for|of|to|in)?\s*(?:the\s+)?$`,
  },
  // "follow-up change for …", "… follow-up"
  {
    before: phrase`\bfollow(?:s|ing|ed)?[- ]?ups?\b\s*(?:(?!and\b|fix(?:es)?\s*[${mention}${file}])[^\s.;:()]+\s+){0,6}$`,
  },
  { after: phrase`^\s*(?:[\w-]+\s+){0,3}?follow-?\s?ups?\b` },
  // "apply the … fix to …", "apply the fix for … to …"
  {
    before: phrase`\bappl(?:y|ies|ied)\s+(?:the\s+)(?:\w+\s+){0,2}?$`,
    after: phrase`^\s+${patchWord}\s+(?:also\s+)?to\b`,
  },
  {
    before: phrase`\bappl(?:y|ies|ied)\s+(?:the\s+)(?:same\s+)?${patchWord}\s+(?:for|of|from)\s+$`,
    after: phrase`^\s+(?:also\s+)?to\s+(?:the|an?|our|all|other|\S*[./]\S*)\b`,
  },
];
