// `npm run corpus [-- [--continue] [NAME…]]`: builds each application's fat image, slims it without a trace, runs both,
// and measures.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readApps } from './descriptor.ts';
import { type Measured, measure } from './measure.ts';
import { Results } from './results.ts';
import { writeTable } from './table.ts';
import { unansweredOf, violationsOf } from './violations.ts';

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { continue: { type: 'boolean' } },
});
const cache = process.env['CINZEL_CORPUS_DIR'] ?? join(import.meta.dirname, '../../.corpus');
mkdirSync(cache, { recursive: true });
const results = new Results(cache);
const apps = readApps(names);
// Whoever asks for a run wants what is measured now; what is left of an earlier one must not end in its table.
if (values.continue !== true) for (const app of apps) results.delete(app);
for (const app of apps) {
  const known = results.get(app);
  if (known !== undefined && wrongOf(known).length === 0) continue;
  try {
    const measured = await measure(app, cache);
    results.put(app, measured);
    print(measured);
  } catch (error) {
    process.exitCode = 1;
    console.log(`${app.name} ${String(error)}`);
  }
}
const all = readApps().map((app) => results.get(app));
if (apps.some((app) => wrongOf(results.get(app)).length > 0)) process.exitCode = 1;
// A part of the corpus is no table of it.
if (all.every((one) => one !== undefined)) writeTable(all);

function wrongOf(measured: Measured | undefined): readonly string[] {
  return measured === undefined ? ['not measured'] : [...violationsOf(measured), ...unansweredOf(measured)];
}

function print(measured: Measured): void {
  const { app, fat, slim, kept, traced, answered, unopened, unanswered } = measured;
  const size = `${(fat.bytes / 1e6).toFixed(1)} → ${(slim.bytes / 1e6).toFixed(1)} MB`;
  const counts = `${fat.packages} → ${slim.packages} packages, ${fat.vulnerabilities} → ${slim.vulnerabilities} CVEs`;
  const ratio = (kept / traced).toFixed(2);
  console.log(`${app.name}: ${size}, ${counts}, kept/opened ${ratio}, answered ${answered.toFixed(2)}`);
  if (kept > 2 * traced)
    for (const { what, bytes, reason } of unopened) console.log(`  ${(bytes / 1e6).toFixed(2)} MB ${what} (${reason})`);
  const wrong = wrongOf(measured);
  for (const violation of wrong.slice(0, 20)) console.log(`  WRONG: ${violation}`);
  if (wrong.length > 20) console.log(`  WRONG: … ${wrong.length} in all`);
  if (answered < 1) for (const reason of unanswered) console.log(`  ? ${reason}`);
}
