import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';
import { html } from './html.ts';
import { report } from './report.ts';

export const english = { language: 'en' as string, errors, diagnostics, html, report };
