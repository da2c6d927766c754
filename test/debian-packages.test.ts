import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createContext } from '../src/core/context.ts';
import { defaultLimits } from '../src/core/limits.ts';
import { createHttpClient } from '../src/net/http-client.ts';
import { type AptArchive, openArchive } from '../src/repositories/apt/archive.ts';
import { changelogInDeb } from '../src/repositories/apt/changelog-in-deb.ts';
import { downloadDeb } from '../src/repositories/apt/download.ts';
import { decompressDeb, readDeb } from '../src/repositories/apt/read-deb.ts';
import { debianComponents, suitesOf } from '../src/repositories/apt/suites.ts';
import { dpkgFacts, ourFacts } from '../src/repositories/apt/testing/deb-facts.ts';
import { memoryCache } from '../src/repositories/apt/testing/open-test-archive.ts';
import { archiveAnswers, mirrors } from './debian-mirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-debian-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));
const http = createHttpClient();
afterAll(() => http.close());

const reachable = await archiveAnswers('bookworm');
const cache = memoryCache();
const context = createContext();

const archives = new Map<string, Promise<AptArchive>>();

function open(name: string): Promise<AptArchive> {
  const known = archives.get(name) ?? openNew(name);
  archives.set(name, known);
  return known;
}

function openNew(name: string): Promise<AptArchive> {
  return openArchive({
    mirrors,
    suites: suitesOf(name),
    components: debianComponents,
    architecture: 'amd64',
    http,
    cache,
    context,
    // A mirror may lag, and support of the oldest has ended; neither is what is asked here.
    allowEol: true,
    allowExpired: true,
  });
}

describe.skipIf(!reachable && !process.env['CI'])("Debian's archive", () => {
  it.each([
    ['bullseye', 3, ['main', 'contrib', 'non-free']],
    ['bookworm', 3, ['main', 'contrib', 'non-free', 'non-free-firmware']],
    ['trixie', 3, ['main', 'contrib', 'non-free', 'non-free-firmware']],
    ['sid', 1, ['main', 'contrib', 'non-free', 'non-free-firmware']],
  ])('has %s, signed by keys that we know', async (name, suites, components) => {
    const archive = await open(name);
    expect(archive.releases).toHaveLength(suites);
    expect(archive.releases.every(({ origin }) => origin === 'Debian')).toBe(true);
    const names = ['libc6', 'ttf-mscorefonts-installer', 'unrar', 'firmware-realtek'];
    const found = names.map((one) => archive.versionsOf(one)[0]?.component);
    expect([...new Set(found)]).toEqual(components);
  });

  // Setuid and setgid, hard links, xz and others, owners that are not root, device-like names, empty folders.
  it.each([
    'base-files',
    'dpkg',
    'perl-base',
    'sudo',
    'openssh-client',
    'libc6',
    'libc-bin',
    'tzdata',
    'man-db',
    'exim4-base',
    'netbase',
  ])('has a %s that we read as dpkg does', async (name) => {
    const [found] = (await open('bookworm')).versionsOf(name);
    expect(found).toBeDefined();
    if (found === undefined) return;
    const deb = await downloadDeb(found, { mirrors, http, cache, context });
    const content = readDeb(await decompressDeb(deb, found.filename), found.filename);
    expect(ourFacts(content)).toEqual(await dpkgFacts(deb, folder));
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield deb;
    }
    const { texts, linkedTo } = await changelogInDeb(bytes(), () => true, defaultLimits);
    expect(texts[0] ?? linkedTo[0]).toBeDefined();
    if (texts[0] !== undefined) expect(texts[0].startsWith(`${found.source} (${found.sourceVersion})`)).toBe(true);
  });
});
