import type { Feed } from '../advisories/feed.ts';
import { createDebianArchiveFeed as createFeed } from '../advisories/feeds/debian-archive/index.ts';
import type { SourceArchive } from '../advisories/feeds/debian-archive/source-archive.ts';
import { CinzelError } from '../core/errors.ts';
import type { Distribution } from '../inventory/model.ts';
import { type ArchivePackage, openArchive } from '../repositories/apt/archive.ts';
import { debianCodename, debianComponents, suitesOf } from '../repositories/apt/suites.ts';
import { archiveMirrors } from './archive-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** Source packages are the same on every architecture, so that any index tells the newest version of each. */
const architecture = 'amd64';

/** The Debian archive feed over the mirror of the configuration. */
export async function createDebianArchiveFeed(toolbox: Toolbox): Promise<Feed> {
  return createFeed({
    openArchive: async (distribution, { http, cache, context, report }): Promise<SourceArchive> => {
      const archive = await openArchive({
        mirrors: archiveMirrors(toolbox, distribution),
        suites: suitesOf(codenameOf(distribution)),
        components: debianComponents,
        architecture,
        http,
        cache,
        context,
        allowExpired: true,
        allowEol: true,
        report,
      });
      const packages = new Map<string, ArchivePackage>();
      return {
        newest: (source) => {
          const newest = archive.newest(source);
          for (const found of newest?.binaries ?? []) packages.set(found.sha256, found);
          return newest;
        },
        fetch: ({ sha256 }) => archive.fetch(required(packages.get(sha256), sha256)),
      };
    },
  });
}

function required(found: ArchivePackage | undefined, sha256: string): ArchivePackage {
  if (found === undefined)
    throw new CinzelError('environment.not-found', { what: { kind: 'package-of-hash', sha256 } });
  return found;
}

function codenameOf(distribution: Distribution): string {
  const codename = debianCodename(distribution);
  if (codename !== undefined) return codename;
  throw new CinzelError('environment.not-found', {
    what: { kind: 'suite', suite: `${distribution.id} ${distribution.versionId ?? ''}` },
  });
}
