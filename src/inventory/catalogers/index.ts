import type { Cataloger } from '../cataloger.ts';
import { apk } from './apk.ts';
import { dpkg } from './dpkg.ts';
import { npm } from './npm.ts';
import { python } from './python.ts';

/** Every cataloger. To add one: its file, its line here, its version in `versions.ts`. */
export const catalogers: readonly Cataloger[] = [dpkg, apk, npm, python];
