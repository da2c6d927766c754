import type { Catalogue } from '../catalogue.ts';
import { html } from '../en/html.ts';
import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';
import { report } from './report.ts';

export const brazilianPortuguese: Catalogue = { language: 'pt-BR', errors, diagnostics, html, report };
