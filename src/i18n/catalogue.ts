import type { SettingKey } from '../configuration/settings.ts';
import type { DiagnosticCode, DiagnosticParameters } from '../core/diagnostics.ts';
import type { ErrorCode, ErrorParameters } from '../core/errors.ts';
import type { english } from './en/index.ts';

export type Language = 'en' | 'pt-BR';

/** What happened in one sentence, and what the user can do about it. */
export interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

export type ErrorMessages = { readonly [Code in ErrorCode]: (parameters: ErrorParameters[Code]) => Sentence };
export type DiagnosticMessages = {
  readonly [Code in DiagnosticCode]: (parameters: DiagnosticParameters[Code]) => string;
};

/** What each setting is for. */
export type SettingDescriptions = { readonly [Key in SettingKey]: string };

/** Every text that a person reads, in one language. English is the model that the others must match, key by key. */
export type Catalogue = typeof english;
