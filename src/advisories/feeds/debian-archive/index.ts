import type { Distribution } from '../../../inventory/model.ts';
import type { Feed, FeedIo, FeedNeeds, FeedOutcome, SourcePackage, Uncovered } from '../../feed.ts';
import { feedId, feedVersion } from './identity.ts';
import type { SourceArchive } from './source-archive.ts';
import { updateRelease } from './update-release.ts';

export interface DebianArchiveFeedOptions {
  /** Opens the archive of a release, its indexes verified; what goes wrong is thrown. */
  readonly openArchive: (distribution: Distribution, io: FeedIo) => Promise<SourceArchive>;
  /** How long an answer is taken for the present one, in milliseconds; 6 hours unless given. */
  readonly freshFor?: number;
  /** The present, in milliseconds since the epoch: how old an answer is does not follow SOURCE_DATE_EPOCH. */
  readonly clock?: () => number;
}

const releases: readonly string[] = ['Debian:10', 'Debian:11', 'Debian:12', 'Debian:13'];
const sixHours = 6 * 3_600_000;

/**
 * What Debian itself says was fixed: for each installed source package that is older than what its suite has now, the
 * CVEs that the changelog entries in between say they fix. It asks the package archive and nothing else.
 *
 * How it decides which mentions count, and how often that was right: docs/feeds/debian-archive.md.
 */
export function createDebianArchiveFeed(options: DebianArchiveFeedOptions): Feed {
  const { openArchive, freshFor = sixHours, clock = Date.now } = options;
  return {
    id: feedId,
    version: feedVersion,
    covers: (ecosystem) => releases.includes(ecosystem),
    update: async (needs, io) => {
      const outcomes: FeedOutcome[] = [];
      for (const [ecosystem, sources] of askedReleases(needs)) {
        const open = (reported: FeedIo): Promise<SourceArchive> =>
          openArchive(distributionOf(needs, ecosystem), reported);
        outcomes.push(await updateRelease({ ecosystem, sources, open, freshFor, now: clock() }, io));
      }
      return {
        updated: outcomes.flatMap(({ updated }) => updated),
        uncovered: outcomes.flatMap(({ uncovered }): readonly Uncovered[] => uncovered),
      };
    },
  };
}

/** It answers about given packages only: an update without an image asks nothing. */
function askedReleases({ ecosystems, sources }: FeedNeeds): readonly (readonly [string, readonly SourcePackage[]])[] {
  return ecosystems
    .map((ecosystem) => [ecosystem, sources.filter((source) => source.ecosystem === ecosystem)] as const)
    .filter(([, asked]) => asked.length > 0);
}

/** What an SBOM names by purl alone has no distribution; the ecosystem says which release it is. */
function distributionOf({ distribution }: FeedNeeds, ecosystem: string): Distribution {
  const versionId = ecosystem.slice(ecosystem.indexOf(':') + 1);
  const fits = distribution?.id === 'debian' && distribution.versionId?.split('.')[0] === versionId;
  return fits ? distribution : { id: 'debian', versionId, idLike: [], evidence: { path: '/', layer: 0 } };
}
