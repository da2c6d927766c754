import type { Edge, Invocation } from '../model.ts';
import { bundleEdges, bundlePath } from '../ruby/bundle.ts';
import { rubyOf } from '../ruby/environment.ts';
import { unitFiles, unitOf } from '../ruby/unit.ts';
import type { World } from '../world.ts';
import type { Runner } from './runner.ts';

/** `bundle exec PROGRAM [words]`: bundler loads itself into the program, wherever the program is. */
export const bundleRunner: Runner = {
  id: 'bundle',
  programs: /^bundler?[\d.]*$/,
  run: async (invocation, _program, world) => {
    const { argv, folder, environment } = invocation;
    const ruby = rubyOf(world);
    for (const path of await bundlePath(folder, world)) await ruby.addGemFolder(path);
    const start = argv.indexOf('exec');
    const words = argv.slice(start + 1).filter((word, index) => index > 0 || !word.startsWith('-'));
    const { from: _from, ...rest } = invocation;
    const programs = ruby.gems.flatMap(({ root }) => [`${root}/bin`, `${root}/exe`]);
    const path = [environment.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin', ...programs].join(':');
    const within = new Map([...environment, ['PATH', path], ['RUBYOPT', '-rbundler/setup']]);
    const runs: readonly Invocation[] =
      start < 0 || words.length === 0 ? [] : [{ ...rest, argv: words, environment: within, kind: 'command' }];
    return { edges: [...bundleEdges(folder, environment), ...bundlerFiles(world)], runs };
  },
};

/** All of bundler, which loads its parts by the names of constants. */
function bundlerFiles(world: World): readonly Edge[] {
  const ruby = rubyOf(world);
  const units = ruby
    .find('bundler')
    .map((path) => unitOf(path, world) ?? { standIn: path, roots: [path.replace(/\.rb$/, '')] });
  return units
    .flatMap((unit) => unitFiles(unit, world))
    .map((to): Edge => ({ to, kind: 'module', detail: 'bundler', certain: false, language: 'ruby' }));
}
