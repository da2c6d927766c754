import { commands } from './commands.ts';
import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';
import { html } from './html.ts';
import { report } from './report.ts';
import { settings } from './settings.ts';

export const english = { language: 'en' as string, commands, errors, diagnostics, html, report, settings };
