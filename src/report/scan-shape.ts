import type { FeedStatus } from '../advisories/model.ts';
import type { Finding } from '../findings/model.ts';
import type { Evidence, Package } from '../inventory/model.ts';
import type { LayerSummary, SavedDiagnostic, ScanResult, Summary } from './model.ts';

/** What a value looks like in JSON: a plain value, a map with free keys (sorted), a list, or an object with its keys in order. */
export type Shape = 'value' | 'map' | { readonly list: Shape } | { readonly keys: Readonly<Record<string, Shape>> };

/** The keys of every variant of a type, all of them: a key that the model gains is a compile error here. */
type Keys<Type> = { readonly [Key in Type extends unknown ? keyof Type : never]-?: Shape };

const value = 'value';

const evidence = { path: value, layer: value, cataloger: value } satisfies Keys<Evidence>;

const sourcePackage = { keys: { name: value, version: value } } as const;

const item = {
  id: value,
  type: value,
  name: value,
  version: value,
  architecture: value,
  distribution: { keys: { id: value, versionId: value } },
  purl: value,
  source: sourcePackage,
  builtUsing: { list: sourcePackage },
  licenses: value,
  layer: value,
  evidence: { list: { keys: evidence } },
  ownedBy: value,
  fate: { keys: { kind: value, layer: value } satisfies Keys<Package['fate']> },
  installedSize: value,
  dependsOn: value,
  maintainer: value,
  homepage: value,
  summary: value,
  state: value,
  origin: value,
} satisfies Keys<Package>;

const finding = {
  id: value,
  aliases: value,
  packageId: value,
  purl: value,
  installedVersion: value,
  group: value,
  severity: value,
  score: value,
  vector: value,
  severitySource: value,
  summary: value,
  published: value,
  fix: { keys: { state: value, version: value } satisfies Keys<Finding['fix']> },
  layer: value,
  reachable: { keys: { answer: value, reason: value, chain: value } satisfies Keys<Finding['reachable']> },
  sources: { list: { keys: { feed: value, id: value, url: value } satisfies Keys<Finding['sources'][number]> } },
  match: { keys: { rule: value, range: value, comparedVersion: value } satisfies Keys<Finding['match']> },
  verdict: { keys: { kind: value, by: value, reason: value, expires: value } satisfies Keys<Finding['verdict']> },
} satisfies Keys<Finding>;

const layer = {
  index: value,
  digest: value,
  diffId: value,
  size: value,
  compressedSize: value,
  createdBy: value,
  verified: value,
} satisfies Keys<LayerSummary>;

type Image = ScanResult['image'];

const image = {
  reference: value,
  name: value,
  registry: value,
  digest: value,
  id: value,
  platform: value,
  os: { keys: { id: value, versionId: value, prettyName: value } satisfies Keys<NonNullable<Image['os']>> },
  base: { keys: { name: value, digest: value, layers: value } satisfies Keys<NonNullable<Image['base']>> },
  size: value,
  layers: { list: { keys: layer } },
  config: {
    keys: {
      user: value,
      entrypoint: value,
      cmd: value,
      env: value,
      exposedPorts: value,
      workingDir: value,
      labels: 'map',
    } satisfies Keys<Image['config']>,
  },
  surface: {
    keys: {
      shells: value,
      packageManagers: value,
      downloaders: value,
      setuid: value,
      executables: value,
      files: value,
    } satisfies Keys<Image['surface']>,
  },
} satisfies Keys<Image>;

const summary = {
  packages: 'map',
  vulnerabilities: {
    keys: {
      critical: value,
      high: value,
      medium: value,
      low: value,
      negligible: value,
      unknown: value,
    } satisfies Keys<NonNullable<Summary['vulnerabilities']>>,
  },
  fixable: value,
  suppressed: value,
} satisfies Keys<Summary>;

type Advisories = NonNullable<ScanResult['advisories']>;

const feed = { id: value, part: value, updatedAt: value, records: value } satisfies Keys<FeedStatus>;
const uncovered = { ecosystem: value, reason: value, code: value, feed: value, packages: value } satisfies Keys<
  Advisories['uncovered'][number]
>;

const diagnostic = {
  code: value,
  severity: value,
  message: value,
  path: value,
  layer: value,
} satisfies Keys<SavedDiagnostic>;

/** The JSON form of a scan, with every key in the order in which it is written (CONTRACT, JSON). */
export const scanShape = {
  keys: {
    schemaVersion: value,
    tool: { keys: { name: value, version: value } satisfies Keys<ScanResult['tool']> },
    createdAt: value,
    image: { keys: image },
    packages: { list: { keys: item } },
    history: { list: { keys: item } },
    findings: { list: { keys: finding } },
    summary: { keys: summary },
    advisories: {
      keys: { feeds: { list: { keys: feed } }, uncovered: { list: { keys: uncovered } } } satisfies Keys<Advisories>,
    },
    diagnostics: { list: { keys: diagnostic } },
  } satisfies Keys<ScanResult>,
} as const satisfies Shape;
