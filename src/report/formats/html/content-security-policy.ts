import { createHash } from 'node:crypto';

/**
 * A policy under which the page may run this one script and style, and load, send and frame nothing (Content Security
 * Policy Level 3). A page can state it in a meta element, where `frame-ancestors` and `sandbox` have no effect.
 */
export function contentSecurityPolicy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashSource(code: string): string {
  return `sha256-${createHash('sha256').update(code).digest('base64')}`;
}
