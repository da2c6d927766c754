import type { Catalogue } from '../catalogue.ts';
import { html } from '../en/html.ts';
import { commands } from './commands.ts';
import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';
import { report } from './report.ts';
import { settings } from './settings.ts';

export const brazilianPortuguese: Catalogue = {
  language: 'pt-BR',
  commands,
  errors,
  diagnostics,
  html,
  report,
  settings,
};
