// `npm run corpus [-- NAME…]`: builds each application's fat image, slims it without a trace, runs both, measures.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readApps } from './descriptor.ts';
import { type Measured, measure } from './measure.ts';

const cache = process.env['CINZEL_CORPUS_DIR'] ?? join(import.meta.dirname, '../../.corpus');
mkdirSync(cache, { recursive: true });
const names = process.argv.slice(2);
const all: Measured[] = [];
for (const app of readApps(names)) {
  try {
    const one = await measure(app, cache);
    all.push(one);
    const { app: _app, unopened, differences, missed, ...rest } = one;
    console.log(app.name, JSON.stringify(rest));
    console.log(
      '  ratio',
      (one.kept / one.traced).toFixed(2),
      unopened.map(([n, b]) => `${n.replace(/^deb.|@.*/g, '')} ${(b / 1e3).toFixed(0)}`).join(', '),
    );
    for (const path of missed) console.log('  missed', path);
    for (const difference of differences) console.log('  ', difference);
  } catch (error) {
    console.log(app.name, error);
  }
}
