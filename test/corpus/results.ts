import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachVersions } from '../../src/reach/versions.ts';
import { keyOfFiles } from './build.ts';
import type { App } from './descriptor.ts';
import type { Measured } from './measure.ts';

/** What was measured, a file an application, so that a run that is interrupted loses only one. */
export class Results {
  readonly #folder: string;

  constructor(cache: string) {
    this.#folder = join(cache, 'measured');
    mkdirSync(this.#folder, { recursive: true });
  }

  /** What was measured of the application as it is, with what reach answers now. */
  get(app: App): Measured | undefined {
    const file = this.#file(app);
    if (!existsSync(file)) return undefined;
    const { key, measured } = JSON.parse(readFileSync(file, 'utf8')) as { key: string; measured: Measured };
    return key === keyOfResult(app) ? measured : undefined;
  }

  put(app: App, measured: Measured): void {
    const file = this.#file(app);
    writeFileSync(`${file}.part`, JSON.stringify({ key: keyOfResult(app), measured }));
    renameSync(`${file}.part`, file);
  }

  delete(app: App): void {
    rmSync(this.#file(app), { force: true });
  }

  #file({ name }: App): string {
    return join(this.#folder, `${name}.json`);
  }
}

function keyOfResult(app: App): string {
  const { folder: _folder, ...descriptor } = app;
  return createHash('sha256')
    .update(JSON.stringify([keyOfFiles(app), descriptor, reachVersions]))
    .digest('hex');
}
