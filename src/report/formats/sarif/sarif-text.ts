import { escapeTerminal } from '../../escape.ts';

/** Plain text of a SARIF message: braces are doubled (section 3.11.5) and brackets escaped, else they are links (3.11.6). */
export function sarifText(text: string): string {
  return escapeTerminal(text)
    .replaceAll(/[\\[\]]/g, '\\$&')
    .replaceAll(/[{}]/g, '$&$&');
}
