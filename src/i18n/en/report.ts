/**
 * The texts of the table, Markdown, SARIF, GitLab and JUnit reports. `shown` is a count as the language writes it
 * (`1,204`), `count` decides its plural.
 */
export const report = {
  severity: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    negligible: 'negligible',
    unknown: 'unknown',
  },
  severityPlural: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    negligible: 'negligible',
    unknown: 'unknown',
  },

  facts: {
    system: 'System',
    base: 'Base image',
    size: 'Size',
    packages: 'Packages',
    user: 'User',
    shell: 'Shell',
    packageManager: 'Package manager',
    downloaders: 'Download tools',
    setuid: 'Setuid files',
    advisories: 'Advisories',
  },
  unknownSystem: 'unknown',
  rootUser: 'root',
  rootByDefault: 'root (no user is set)',
  none: 'none',
  baseIn: (name: string, own: string, layers: string) => `${name} (${own} of ${layers})`,
  ofBase: 'from the base image',
  sizeIn: (size: string, layers: string) => `${size} in ${layers}`,
  noAdvisories: 'none used',
  records: (count: number, shown: string) => `${shown} ${count === 1 ? 'record' : 'records'}`,
  undated: 'undated',
  age: {
    now: 'less than an hour old',
    hours: (count: number) => `${count} ${count === 1 ? 'hour' : 'hours'} old`,
    days: (count: number) => `${count} ${count === 1 ? 'day' : 'days'} old`,
  },

  count: {
    vulnerabilities: (count: number, shown: string) => `${shown} ${count === 1 ? 'vulnerability' : 'vulnerabilities'}`,
    packages: (count: number, shown: string) => `${shown} ${count === 1 ? 'package' : 'packages'}`,
    layers: (count: number, shown: string) => `${shown} ${count === 1 ? 'layer' : 'layers'}`,
    diagnostics: (count: number, shown: string) => `${shown} ${count === 1 ? 'diagnostic' : 'diagnostics'}`,
  },
  fixable: (shown: string) => `${shown} with a fix`,
  unreached: (shown: string) => `${shown} that nothing reaches`,
  suppressed: (shown: string) => `${shown} suppressed`,
  clean: 'No known vulnerabilities',
  cleanSoFar: 'No vulnerabilities found in what could be checked; not everything could be (see the end)',
  notLookedUp: 'No advisory data was used, so nothing is known about vulnerabilities',

  layer: (index: number) => `layer ${index}`,
  unknownInstruction: '(the image does not say what made this layer)',
  installs: 'packages',
  noFix: 'no fix',
  wontFix: 'will not be fixed',
  unknownFix: 'fix unknown',
  fixesPart: (fixable: string, all: string) => `fixes ${fixable} of ${all}`,
  reached: 'reached',
  notReached: 'not reached',
  denied: 'denied by policy',

  actions: {
    heading: 'What removes most',
    upgrade: (name: string, installed: string, version: string, removed: string) =>
      `Upgrade ${name} ${installed} to ${version}: removes ${removed}`,
    rebase: (base: string, removed: string, upgrades: string) =>
      `Use a newer base image than ${base}: removes up to ${removed} in ${upgrades}`,
    rebuild: (layer: number, removed: string, upgrades: string) =>
      `Rebuild layer ${layer} with current packages: removes ${removed} in ${upgrades}`,
  },

  coverage: {
    heading: 'Not covered',
    uncovered: (ecosystem: string, packages: string, reason: string) => `${ecosystem} (${packages}): ${reason}`,
    diagnostics: (diagnostics: string) => `${diagnostics}: parts that could not be read or decided; -o json lists them`,
    furtherDiagnostics: (diagnostics: string) => `besides, ${diagnostics}: -o json lists them`,
    noFeeds: 'No advisory feed was used.',
    reasons: {
      'no-feed': () => 'no feed has records of this kind',
      'not-published': (feed: string) => `${feed} does not publish it`,
      unreachable: (feed: string) => `${feed} could not be reached`,
      stale: (feed: string) => `${feed} could not be reached; older data was used`,
      offline: () => 'the store has no data about it',
      'not-checked': () => 'the store has no answer about these packages',
    },
  },

  columns: { name: 'Package', version: 'Version', type: 'Type', layer: 'Layer', fixed: 'Fixed in', ids: 'Ids' },

  markdown: {
    heading: (image: string) => `Image report: ${image}`,
    details: 'Every package with vulnerabilities',
    dockerfileLine: 'Dockerfile line',
    moreIds: (shown: string) => `and ${shown} more`,
    truncated: (packages: string) => `${packages} more did not fit into this comment; the full report lists them.`,
    footer: (version: string, time: string) => `Cinzel ${version}, ${time}`,
  },

  finding: {
    title: (id: string, name: string) => `${id} in ${name}`,
    message: (id: string, name: string, version: string) => `${name} ${version} has ${id}`,
    fixedIn: (version: string) => `Fixed in ${version}`,
    solution: (name: string, version: string) => `Upgrade ${name} to ${version}.`,
    broughtBy: (layer: number, instruction: string) => `Brought by layer ${layer}: ${instruction}`,
    suppressedBy: (by: string, reason: string) => `Suppressed (${by}): ${reason}`,
  },

  junit: {
    clean: (packages: string) => `no known vulnerability in ${packages}`,
    uncovered: (ecosystem: string) => `${ecosystem} not checked`,
  },
};
