import { diagnostics } from './diagnostics.ts';
import { errors } from './errors.ts';

export const english = { language: 'en' as string, errors, diagnostics };
