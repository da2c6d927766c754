import type { ImagePath } from '../../core/path.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';
import { gemOf, sourcesOf } from './gem-files.ts';
import { passedTo } from './name-bindings.ts';
import { loadsOf, type RubyLoads, type RubyScan } from './scan-ruby.ts';

/**
 * The scan with what its methods load that are given it: what callers in the same gem and in those that depend on it pass.
 * Where one of them passes what cannot be told, or the application may call the method, it stays computed.
 */
export async function withParameters(scan: RubyScan, path: ImagePath, world: World): Promise<RubyScan> {
  if (scan.parameters.length === 0) return scan;
  const callers = await callersOf(path, world);
  const loads = scan.parameters.map(({ method, word, detail }): Partial<RubyLoads> => {
    const passed = world.applicationWords.has(method) ? undefined : passedTo(method, callers);
    return passed === undefined ? { computed: [detail] } : loadsOf(word, passed, path);
  });
  const all = <Name extends keyof RubyLoads>(name: Name) => [scan, ...loads].flatMap((one) => one[name] ?? []);
  return {
    ...scan,
    features: all('features'),
    files: all('files'),
    prefixes: all('prefixes'),
    variants: all('variants'),
    computed: all('computed'),
  };
}

async function callersOf(path: ImagePath, world: World): Promise<readonly string[]> {
  const own = gemOf(path, world);
  if (own === undefined) return [];
  const dependents = rubyOf(world).gems.filter(({ dependencies }) => dependencies.includes(own.name));
  return sourcesOf([own, ...dependents], world);
}
