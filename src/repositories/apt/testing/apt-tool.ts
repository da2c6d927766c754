import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Options that give `apt-get` a state of its own in a folder: these sources (sources.list(5)), and nothing installed. */
export function aptOptions(state: string, source: string): readonly string[] {
  for (const name of ['lists/partial', 'archives/partial', 'parts']) mkdirSync(join(state, name), { recursive: true });
  writeFileSync(join(state, 'sources.list'), source);
  writeFileSync(join(state, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': join(state, 'parts'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': join(state, 'parts'),
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
    'Dir::Cache::archives': join(state, 'archives'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Sandbox::User': '',
    'Debug::NoLocking': 'true',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}
