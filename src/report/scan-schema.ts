import { z } from 'zod';
import { uncoveredReasons } from '../advisories/feed.ts';
import { isDigest } from '../core/digest.ts';
import { severities } from '../findings/model.ts';
import type { PackageType } from '../inventory/model.ts';
import type { ScanResult } from './model.ts';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();
const layerIndex = count.describe('0-based index into image.layers.');
const digest = z
  .string()
  .regex(/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/)
  .refine(isDigest)
  .describe('Algorithm, colon, lower-case hexadecimal.');
const imagePath = text.describe(
  'Absolute path inside the image. A byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF.',
);

const packageType = z.enum({
  deb: 'deb',
  apk: 'apk',
  rpm: 'rpm',
  npm: 'npm',
  pypi: 'pypi',
  gem: 'gem',
  cargo: 'cargo',
  golang: 'golang',
  composer: 'composer',
  maven: 'maven',
  nuget: 'nuget',
  generic: 'generic',
} as const satisfies { readonly [Type in PackageType]: Type });

const evidence = z.object({ path: imagePath, layer: layerIndex, cataloger: text });
const sourcePackage = z.object({ name: text, version: text });

const item = z.object({
  id: text.describe('Unique in this document; equal for equal content.'),
  type: packageType.describe('As the purl specification names it.'),
  name: text.describe('npm names with their scope.'),
  version: text.describe("The manager's full string: dpkg's with epoch, rpm's E:V-R."),
  architecture: text.exactOptional(),
  distribution: z
    .object({ id: text, versionId: text.exactOptional() })
    .exactOptional()
    .describe("The distribution that it is of, where an SBOM names another than the document's."),
  purl: text,
  source: sourcePackage.exactOptional().describe("The source package, or apk's origin."),
  builtUsing: z.array(sourcePackage).exactOptional(),
  licenses: texts.describe('SPDX expressions.'),
  layer: layerIndex.describe('The layer that first brought this version.'),
  evidence: z.tuple([evidence], evidence),
  ownedBy: text
    .exactOptional()
    .describe('Id of the distribution package that owns its files; such a package is not counted.'),
  fate: z.union([
    z.object({ kind: z.literal('present') }),
    z.object({ kind: z.enum(['upgraded', 'removed']), layer: layerIndex }),
  ]),
  installedSize: count.exactOptional().describe('Bytes.'),
  dependsOn: texts.exactOptional().describe('Ids of packages.'),
  maintainer: text.exactOptional(),
  homepage: text.exactOptional(),
  summary: text.exactOptional(),
  state: text.exactOptional().describe("The manager's word where it is not plainly installed."),
  origin: text.exactOptional().describe('Where a language package was fetched from.'),
});

const rangeEvent = z.object({
  introduced: text.exactOptional(),
  fixed: text.exactOptional(),
  last_affected: text.exactOptional(),
  limit: text.exactOptional(),
});

const finding = z.object({
  id: text.describe('The CVE if there is one, else the first of GHSA, distribution id, other.'),
  aliases: texts,
  packageId: text,
  purl: text,
  installedVersion: text,
  group: text.describe('TYPE/SOURCE@SOURCE-VERSION. Counts are of distinct (id, group).'),
  severity: z.enum(severities),
  score: z.number().min(0).max(10).exactOptional(),
  vector: text.exactOptional(),
  severitySource: text.exactOptional(),
  summary: text.exactOptional(),
  published: text.exactOptional(),
  fix: z.object({
    state: z.enum(['fixed', 'not-fixed', 'wont-fix', 'unknown']),
    version: text.exactOptional().describe("In the feed's terms: source versions for deb and apk."),
  }),
  layer: layerIndex,
  reachable: z.object({ answer: z.enum(['yes', 'no', 'unknown']), reason: text, chain: texts.exactOptional() }),
  sources: z.array(z.object({ feed: text, id: text, url: text })),
  match: z.object({ rule: text, range: z.union([z.array(rangeEvent), text]), comparedVersion: text }),
  verdict: z.union([
    z.object({ kind: z.literal('open') }),
    z.object({
      kind: z.enum(['suppressed', 'denied']),
      by: text,
      reason: text,
      expires: text.exactOptional().describe('ISO date after which it is open again.'),
    }),
  ]),
});

const layer = z.object({
  index: count,
  digest: digest.exactOptional(),
  diffId: digest.exactOptional(),
  size: count.describe('Uncompressed bytes.'),
  compressedSize: count.exactOptional(),
  createdBy: text.exactOptional(),
  verified: z.enum(['read', 'cache', 'no']),
});

const image = z.object({
  reference: text.describe('As it was typed.'),
  name: text,
  registry: text.exactOptional().describe('That it was read from or goes to.'),
  digest: digest.exactOptional().describe('Of the manifest; absent where there is none.'),
  id: digest.exactOptional().describe('Of the configuration.'),
  platform: text,
  os: z.object({ id: text, versionId: text.exactOptional(), prettyName: text.exactOptional() }).exactOptional(),
  base: z
    .object({
      name: text,
      digest: digest.exactOptional().describe('Of its manifest.'),
      layers: count.describe('How many of the first layers are its own.'),
    })
    .exactOptional()
    .describe('The image that this one was made from, where it is known.'),
  size: count.describe('Uncompressed bytes of all layers.'),
  layers: z.array(layer),
  config: z.object({
    user: text.exactOptional(),
    entrypoint: texts.exactOptional(),
    cmd: texts.exactOptional(),
    env: texts.exactOptional(),
    exposedPorts: texts.exactOptional(),
    workingDir: text.exactOptional(),
    labels: z.record(text, text).exactOptional(),
  }),
  surface: z.object({
    shells: z.array(imagePath),
    packageManagers: z.array(imagePath),
    downloaders: z.array(imagePath),
    setuid: z.array(imagePath),
    executables: count,
    files: count,
  }),
});

const summary = z.object({
  packages: z.partialRecord(packageType, count).describe('By type, without those that another package owns.'),
  vulnerabilities: z
    .object({ critical: count, high: count, medium: count, low: count, negligible: count, unknown: count })
    .exactOptional(),
  fixable: count.exactOptional(),
  suppressed: count.exactOptional(),
});

const advisories = z.object({
  feeds: z.array(z.object({ id: text, part: text.exactOptional(), updatedAt: text.exactOptional(), records: count })),
  uncovered: z.array(
    z.object({
      ecosystem: text,
      reason: text,
      code: z.enum(uncoveredReasons).exactOptional(),
      feed: text.exactOptional(),
      packages: count,
    }),
  ),
});

const diagnostic = z.object({
  code: text,
  severity: z.enum(['info', 'warning', 'error']),
  message: text.describe('English.'),
  path: imagePath.exactOptional(),
  layer: layerIndex.exactOptional(),
});

/** The JSON form of a scan: what `json` writes and `parseScanResult` reads. Unknown keys are allowed and dropped. */
export const scanSchema = z
  .object({
    schemaVersion: z.literal(1),
    tool: z.object({ name: z.literal('cinzel'), version: text }),
    createdAt: text.describe('ISO 8601, UTC.'),
    image,
    packages: z.array(item).describe('What the merged filesystem has, by type, name, version, id.'),
    history: z.array(item).describe('What only earlier layers had; same order.'),
    findings: z.array(finding).exactOptional().describe('By packageId, id. Absent in the result of sbom.'),
    summary,
    advisories: advisories.exactOptional().describe('Absent in the result of sbom.'),
    diagnostics: z.array(diagnostic).describe('What could not be read or decided.'),
  })
  .describe('The result of a Cinzel scan. Absent values are absent keys, never null.') satisfies z.ZodType<ScanResult>;

/** The published JSON Schema (2020-12) of the same form. */
export function scanJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(scanSchema, { io: 'input', reused: 'inline' });
  return { $schema, $id: 'urn:cinzel:schema:scan:1', title: 'Cinzel scan result', ...rest };
}
