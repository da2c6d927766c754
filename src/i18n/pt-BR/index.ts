import type { Catalogue } from '../catalogue.ts';
import { commands } from './commands.ts';
import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';
import { html } from './html.ts';
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
