// A folder of src/ imports only from folders above it in this list: the order in which data flows.
const order = [
  'core',
  'i18n',
  'configuration',
  'formats',
  'versions',
  'net',
  'signing',
  'image',
  'filesystem',
  'inventory',
  'repositories',
  'advisories',
  'reach',
  'bases',
  'findings',
  'runtimes',
  'distroless',
  'debug',
  'compare',
  'report',
  'operations',
  'commands',
];
const upward = order.map((folder, index) => ({
  name: `${folder}-imports-only-above`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: `^src/(${order
      .slice(index + 1)
      .concat('server')
      .join('|')})/`,
  },
}));
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
    },
    {
      name: 'server-and-commands-apart',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '\\.test\\.ts$|/testing/' },
    },
    ...upward,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts'] },
  },
};
