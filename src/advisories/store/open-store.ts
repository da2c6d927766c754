import { join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import type { AdvisoryStore, PartWrite } from '../store.ts';
import { type Environment, openEnvironment, storeFile } from './environment.ts';
import { Snapshot } from './read.ts';
import { adoptFormat, requireOwnFormat } from './stored-catalog.ts';
import { mergePart, replacePart } from './write.ts';

export interface OpenStoreOptions {
  /** Nothing is written or made; a store must exist. */
  readonly readOnly: boolean;
  readonly exclusive: Exclusive;
}

/** Runs a write while no other process writes; throws `environment.locked` when it waited too long. */
export type Exclusive = (lockPath: string, write: () => Promise<void>) => Promise<void>;

/** The lock that writers share, in the store's directory. */
export const writeLock = 'write.lock';

/**
 * Opens the advisory store of a directory. Throws `environment.no-store` when it must be there and is not, and
 * `untrusted.store` when a file in its place is damaged, none of ours or, for reading, of another version.
 */
export async function openStore(directory: string, options: OpenStoreOptions): Promise<AdvisoryStore> {
  const environment = await openEnvironment(directory, options.readOnly);
  if (environment === undefined) throw new CinzelError('environment.no-store', { path: storeFile(directory) });
  try {
    if (options.readOnly) requireOwnFormat(environment);
    else adoptFormat(environment);
    return new LmdbStore(directory, environment, options);
  } catch (error) {
    await environment.database.close();
    throw error;
  }
}

class LmdbStore implements AdvisoryStore {
  readonly directory: string;
  readonly #environment: Environment;
  readonly #options: OpenStoreOptions;
  #snapshot: Snapshot;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(directory: string, environment: Environment, options: OpenStoreOptions) {
    this.directory = directory;
    this.#environment = environment;
    this.#options = options;
    this.#snapshot = new Snapshot(environment);
  }

  readonly find: AdvisoryStore['find'] = (ecosystem, name) => this.#snapshot.find(ecosystem, name);
  readonly get: AdvisoryStore['get'] = (id, feed) => this.#snapshot.get(id, feed);
  readonly parts: AdvisoryStore['parts'] = () => this.#snapshot.parts;
  readonly part: AdvisoryStore['part'] = (feed, name) =>
    this.#snapshot.parts.find((part) => part.id === feed && part.part === name);
  readonly ids: AdvisoryStore['ids'] = (feed, part) => this.#snapshot.ids(feed, part);
  readonly replace: AdvisoryStore['replace'] = (write: PartWrite) =>
    this.#write(() => replacePart(this.#environment, write));
  readonly merge: AdvisoryStore['merge'] = (write) => this.#write(() => mergePart(this.#environment, write));

  readonly close = async (): Promise<void> => {
    this.#snapshot.release();
    await this.#environment.database.close();
  };

  /** One write after the other; the old snapshot serves readers of this process until the new one is there. */
  #write(write: () => Promise<void>): Promise<void> {
    if (this.#options.readOnly) throw new CinzelError('environment.permission', { path: this.#environment.path });
    const done = this.#lastWrite.then(() => this.#writeAlone(write));
    this.#lastWrite = done.catch(() => undefined);
    return done;
  }

  async #writeAlone(write: () => Promise<void>): Promise<void> {
    await this.#options.exclusive(join(this.directory, writeLock), write);
    const old = this.#snapshot;
    this.#snapshot = new Snapshot(this.#environment);
    old.release();
  }
}
