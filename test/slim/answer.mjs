// Starts a program in a root filesystem, asks it until it answers, prints the answer, and ends it:
// node answer.mjs ROOT URL FOLDER PROGRAM ARGUMENT… Runs in a network namespace of its own, beside the program.
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

const [root, url, folder, ...command] = process.argv.slice(2);
const sandbox = ['--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--die-with-parent'];
const environment = ['--clearenv', '--setenv', 'PATH', '/usr/local/bin:/usr/bin:/bin', '--chdir', folder];
const child = spawn('bwrap', [...sandbox, ...environment, ...command], { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));

for (;;) {
  const answer = await fetch(url).catch(() => undefined);
  if (answer !== undefined) {
    const headers = [...answer.headers].filter(([name]) => name !== 'date');
    process.stdout.write(JSON.stringify({ status: answer.status, headers, body: await answer.text() }));
    process.exit(0);
  }
  await setTimeout(50);
}
