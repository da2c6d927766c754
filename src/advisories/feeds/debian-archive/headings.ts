import { dropped, notAffected, otherChange, phrase } from './phrases.ts';

/** Headings whose items are all negated, unless an item says itself that it is a change. */
export const negatingHeadings: readonly RegExp[] = [
  // "The following CVEs are not affecting this version:"
  phrase`^(?!.*\b(?:fix|backport)).*\b(?:${notAffected}|(?:do|does)\s+not\s+(?:apply|affect)|unfixed|not\s+(?:yet\s+)?fixed)\b[^.;]{0,60}:$`,
  // "Drop patches applied upstream:", "Removed:"
  phrase`^(?:\[\w+\]\s*)?(?:[^\s:]+:\s+)?${dropped}\b(?:(?!${otherChange}).)*\b(?:patch|diff)(?:es|s)?\b`,
  phrase`\b(?:dropped|removed):?$`,
  phrase`\bpatch(?:es)?\s+(?:are|were|is|was)\s+(?:\w+\s+)?(?:obsolete|dropped|removed)\b`,
];

/** What an item says that is a change of its own, whatever its heading says. */
export const ownChange = phrase`^(?:add|fix|backport|new|cherry|apply|import|updat)\w*\b`;
