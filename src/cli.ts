#!/usr/bin/env node
import { version } from './version.ts';

const [first, ...rest] = process.argv.slice(2);

// Asked for often, by scripts: answered before anything is loaded.
if ((first === '--version' || first === '-V') && rest.length === 0) process.stdout.write(`${version}\n`);
else {
  const { main } = await import('./commands/main.ts');
  await main(process);
}
