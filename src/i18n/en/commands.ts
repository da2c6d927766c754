export const commands = {
  description: 'The art of minimising container images: see what is inside, cut what is not needed, prove it.',
  version: 'Print the version',
  help: 'Print help',
  bug: 'cinzel: this is a bug in Cinzel. Please report it with the lines below.',
  summaries: {
    scan: 'Tell what is in images and which known vulnerabilities they have',
    sbom: 'Write the inventory of an image as a software bill of materials',
    report: 'Render a saved scan (JSON) again, in any format',
    copy: 'Copy an image between registries, engines, archives and layouts',
    'db update': 'Fetch advisories into the local store',
    'db status': 'Tell what the local store holds and how old it is',
    'cache df': 'Tell what the cache holds',
    'cache prune': 'Remove what the cache holds',
    config: 'Print every setting with where its value came from',
    completion: 'Print a completion script for bash, zsh or fish',
  },
  options: {
    output: 'Format, and file unless it is stdout: table, json=scan.json … (repeatable)',
    report: 'The same as --output',
    only: 'What to fetch: osv:PyPI, osv:Go … (comma-separated)',
    all: 'Everything, not only what is over the size limit',
    'older-than': 'Only what was not used for this many days',
    'all-platforms': 'Copy every platform of the image',
    referrers: 'Copy what refers to the image too: signatures, SBOMs …',
    list: 'Only packages of these types (comma-separated)',
  } as Readonly<Record<string, string>>,
  progress: {
    layer: (name: string) => `layer ${name}`,
    feed: (name: string) => `advisories ${name}`,
    download: (name: string) => `download ${name}`,
    changelog: (name: string) => `changelog ${name}`,
    match: (name: string) => `matching ${name}`,
    copy: (name: string) => `copy ${name}`,
  },
  gate: {
    failed: (count: number, condition: string) =>
      `${count} ${count === 1 ? 'vulnerability fits' : 'vulnerabilities fit'} --fail-on ${condition}.`,
    unknown: (count: number) =>
      `${count} ${count === 1 ? 'vulnerability has' : 'vulnerabilities have'} no known severity and did not count for --fail-on; add "unknown" to count ${count === 1 ? 'it' : 'them'}.`,
  },
  written: (path: string) => `Written: ${path}`,
  mirror: (url: string) => `Debian archive: ${url}`,
  database: {
    empty: 'The store is empty.',
    header: ['feed', 'part', 'records', 'updated'] as readonly string[],
    updated: (parts: number) => `${parts} ${parts === 1 ? 'part is' : 'parts are'} up to date.`,
    nothing: 'Say what to fetch with --only, for example: cinzel db update --only osv:PyPI,osv:Go',
  },
  cache: {
    header: ['what', 'entries', 'size'] as readonly string[],
    removed: (entries: number, size: string) =>
      `${entries} ${entries === 1 ? 'entry' : 'entries'} removed, ${size} freed.`,
  },
  configuration: {
    header: ['setting', 'value', 'from'] as readonly string[],
    unset: '–',
    flag: (name: string) => `flag --${name}`,
    environment: (name: string) => `environment ${name}`,
    file: (path: string, line: number) => `${path}:${line}`,
    default: 'default',
  },
};
