// Fills the generated parts of docs/ (between `<!-- generated: WHAT -->` and `<!-- end -->`) and writes
// schemas/configuration.schema.json, from the commands, the settings and their English texts.
// With --check nothing is written: it names the files that are out of date and fails.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { fieldTable } from './docs/json-fields.mjs';
import { code, table } from './docs/markdown.mjs';

const root = new URL('../', import.meta.url);
const binary = fileURLToPath(new URL('node_modules/.bin/biome', root));
const load = (path) => tsImport(`../src/${path}`, import.meta.url);
const { commands } = await load('commands/index.ts');
const { flagsOf, settingFlag } = await load('commands/flags.ts');
const { environmentName, settings } = await load('configuration/settings.ts');
const { configurationJsonSchema } = await load('configuration/configuration-schema.ts');
const { defaultLimits } = await load('core/limits.ts');
const { ignoreRulesSchema } = await load('findings/ignore/ignore-schema.ts');
const { english } = await load('i18n/en/index.ts');
const { reportFormats } = await load('report/formats/index.ts');
const { scanJsonSchema } = await load('report/scan-schema.ts');

const limitMeanings = {
  entries: 'entries in one layer',
  layerBytes: 'uncompressed bytes of one layer',
  ratio: 'uncompressed over compressed bytes, once `ratioFloor` bytes came out',
  ratioFloor: 'bytes before `ratio` counts',
  pathBytes: 'bytes of one path',
  linkHops: 'symbolic links followed while one path is looked up',
  fileBytes: 'bytes of a file that a cataloger reads',
  selectedBytes: 'bytes of all files of one layer that catalogers read',
  documentBytes: 'bytes of a manifest, index or image configuration',
};

const loaded = new Map();
for (const [id, load] of Object.entries(commands)) loaded.set(id, await load());

const formatMeanings = {
  table: 'for the terminal, 80 columns or what there are',
  json: 'the whole result ([schemaVersion 1](../json.md))',
  sarif: 'SARIF 2.1.0, for code scanning',
  cyclonedx: 'CycloneDX 1.6 JSON',
  spdx: 'SPDX 2.3 JSON',
  html: 'one page with everything in it, for a browser',
  markdown: 'for pull requests and job summaries',
  ids: 'open vulnerabilities, one id a line',
  gitlab: "GitLab's container scanning report",
  junit: 'JUnit XML: a test a package',
};

const formats = [];
for (const load of Object.values(reportFormats)) formats.push(await load());

const parts = new Map([
  ['commands', commandTable],
  ['settings', settingTable],
  ['limits', limitTable],
  ['formats', formatTable],
  ...Object.keys(scanJsonSchema().properties).map((key) => [
    `fields of ${key}`,
    () => fieldTable(scanJsonSchema(), key),
  ]),
  ...[...loaded].map(([id, command]) => [`options of ${id}`, () => optionTable(command)]),
]);

const outdated = [];
for (const path of pages('docs/')) put(path, fill(path));
const schema = configurationJsonSchema({ descriptions: english.settings, ignore: ignoreRulesSchema });
put('schemas/configuration.schema.json', format('schemas/configuration.schema.json', JSON.stringify(schema)));
if (process.argv.includes('--check') && outdated.length > 0) {
  console.error(`Out of date: ${outdated.join(', ')}. Run node scripts/build-command-docs.mjs`);
  process.exitCode = 1;
}

function* pages(folder) {
  for (const entry of readdirSync(new URL(folder, root), { withFileTypes: true })) {
    if (entry.isDirectory()) yield* pages(`${folder}${entry.name}/`);
    else if (entry.name.endsWith('.md')) yield `${folder}${entry.name}`;
  }
}

/** The page with its generated parts made anew. */
function fill(path) {
  return read(path).replaceAll(/(<!-- generated: (.*?) -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin, what, end) => {
    const part = parts.get(what);
    if (part === undefined) throw new Error(`${path}: nothing is called "${what}"`);
    return `${begin}\n${part()}\n${end}`;
  });
}

/** As the formatter writes it, so that generated and formatted files are one. */
function format(path, input) {
  const { status, stdout, stderr } = spawnSync(binary, ['format', `--stdin-file-path=${path}`], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function put(path, text) {
  if (read(path) === text) return;
  if (process.argv.includes('--check')) outdated.push(path);
  else writeFileSync(new URL(path, root), text);
}

function read(path) {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return '';
  }
}

function commandTable() {
  const rows = [...loaded].map(([id, command]) => [
    `[\`cinzel ${[id, ...command.arguments].join(' ')}\`](commands/${id.split(' ')[0]}.md)`,
    english.commands.summaries[id],
  ]);
  return table(['command', 'what it does'], rows);
}

function optionTable(command) {
  const rows = flagsOf(command, english).map(({ flags, description, repeatable, setting, values }) => [
    code(flags),
    sentence(description, repeatable, values),
    setting === undefined ? '' : code(String(settings[setting].default ?? '')),
    setting === undefined ? '' : `${code(setting)}, ${code(environmentName(setting))}`,
  ]);
  return table(['option', 'meaning', 'default', 'in the file, in the environment'], rows);
}

/** What a flag is for, with what its name does not tell. */
function sentence(description, repeatable, values) {
  const known = values === undefined || values.every((value) => description.includes(value));
  const notes = [
    ...(repeatable && !description.includes('repeatable') ? ['repeatable'] : []),
    ...(known ? [] : [values.join(', ')]),
  ];
  if (notes.length === 0) return description;
  return description.endsWith(')')
    ? `${description.slice(0, -1)}; ${notes.join('; ')})`
    : `${description} (${notes.join('; ')})`;
}

function settingTable() {
  const rows = Object.entries(settings).map(([key, setting]) => [
    code(key),
    english.settings[key],
    setting.kind === 'choice' ? setting.choices.map(code).join(', ') : setting.kind,
    code(String(setting.default ?? '')),
    settingFlag(key, english)
      .map(({ flags }) => code(flags))
      .join(''),
    code(environmentName(key)),
  ]);
  return table(['setting', 'what it is for', 'kind', 'default', 'flag', 'environment'], rows);
}

function formatTable() {
  const shown = { findings: 'findings', packages: 'packages', both: 'packages and findings' };
  const rows = formats.map(({ id, shows }) => [code(id), meaningOf(id, formatMeanings), shown[shows]]);
  return table(['format', 'what it is', 'what it shows'], rows);
}

function meaningOf(name, meanings) {
  if (meanings[name] === undefined) throw new Error(`say in scripts/build-command-docs.mjs what "${name}" is`);
  return meanings[name];
}

function limitTable() {
  const rows = Object.entries(defaultLimits).map(([name, value]) => [
    code(name),
    meaningOf(name, limitMeanings),
    value.toLocaleString('en'),
  ]);
  return table(['limit', 'of what', 'default'], rows);
}
