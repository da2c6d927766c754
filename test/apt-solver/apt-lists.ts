import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packagesOf } from '../../src/repositories/apt/packages-index.ts';
import { openIndex, packIndex } from '../../src/repositories/apt/packed-index.ts';
import { type PlacedIndex, placeIndex } from '../../src/repositories/apt/place-packages.ts';

const run = promisify(execFile);

/** One list of packages that the host's apt has fetched. */
interface AptList {
  readonly address: string;
  readonly release: string;
  readonly component: string;
  readonly file: string;
}

/** The lists of Debian's own archives, in the order of the sources; none where there is no apt or it has no lists. */
export function readAptLists(): readonly AptList[] {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(FILENAME)';
  try {
    const targets = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
      encoding: 'utf8',
    });
    return targets.split('\n').flatMap((line) => {
      const [address = '', release = '', component = '', origin, file = ''] = line.split('|');
      return origin === 'Debian' ? [{ address, release, component, file }] : [];
    });
  } catch {
    return [];
  }
}

/** The same lists as this project reads them, with the names of all their packages. */
export async function openLists(lists: readonly AptList[]): Promise<{
  readonly indexes: readonly PlacedIndex[];
  readonly names: readonly string[];
}> {
  const indexes: PlacedIndex[] = [];
  const names = new Set<string>();
  for (const { file, release, component } of lists) {
    const packages = await packagesOf(spawn('/usr/lib/apt/apt-helper', ['cat-file', file]).stdout);
    for (const { name } of packages) names.add(name);
    const place = { archive: 'main', suite: release, component, origin: 'Debian', published: '' } as const;
    indexes.push(placeIndex(openIndex(packIndex(packages)), place));
  }
  return { indexes, names: [...names].sort() };
}

/** What apt would install, as sorted `name version`; undefined when it finds no way. */
export type AskApt = (wanted: readonly string[]) => Promise<readonly string[] | undefined>;

/**
 * An apt that sees nothing installed, only these lists, and follows no recommendations. It prints what it would fetch:
 * it has then chosen just as for `--simulate`, which plays the installation too and takes twice as long.
 */
export async function prepareApt(lists: readonly AptList[], folder: string): Promise<AskApt> {
  const sources = lists.map(({ address, release, component }) => `deb ${address} ${release} ${component}\n`);
  mkdirSync(join(folder, 'archives/partial'), { recursive: true });
  writeFileSync(join(folder, 'sources.list'), sources.join(''));
  const settings = {
    'Debug::NoLocking': '1',
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::status': '/dev/null',
    'Dir::State::extended_states': '/dev/null',
    'Dir::Cache': folder,
    'Dir::Cache::pkgcache': 'pkgcache.bin',
    'Dir::Cache::srcpkgcache': 'srcpkgcache.bin',
    'APT::Install-Recommends': '0',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-cache', [...options, 'gencaches']);
  return async (wanted) => {
    try {
      const { stdout } = await run(
        'nice',
        ['-n', '2', 'apt-get', '-qq', ...options, '--print-uris', 'install', ...wanted],
        {
          maxBuffer: 1 << 26,
          env: { ...process.env, LC_ALL: 'C' },
        },
      );
      return [...stdout.matchAll(/^'\S+' ([^\s_]+)_([^\s_]+)_/gm)]
        .map(([, name, version = '']) => `${name} ${decodeURIComponent(version)}`)
        .sort();
    } catch (error) {
      if (/held broken packages|unmet dependencies/.test(String((error as { stderr?: string }).stderr)))
        return undefined;
      throw error;
    }
  };
}
