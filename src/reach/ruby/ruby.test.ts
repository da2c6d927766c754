import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { freePort } from '../testing/free-port.ts';
import { liveReach, missedFiles } from '../testing/live-reach.ts';
import { answerOf, openedByServer } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanRuby } from './scan-ruby.ts';

type Files = Readonly<Record<string, MemoryEntry>>;
const base: Files = {
  '/usr/bin/ruby': { link: 'ruby3.1' },
  '/usr/bin/ruby3.1': program,
  '/usr/lib/ruby/3.1.0/json.rb': '',
  '/usr/lib/ruby/vendor_ruby/rubygems.rb': 'require path',
};
const vendor = '/usr/lib/ruby/vendor_ruby';
const home = '/var/lib/gems/3.1.0';
const specification = (name: string, more = '') =>
  `# stub: ${name} 1.0 ruby lib\nGem::Specification.new do |s|\n${more}\nend`;

async function graphOf(files: Files, argv: readonly string[] = ['ruby', 'main.rb'], env: readonly string[] = []) {
  return reachOf({ config: { entrypoint: argv, workingDir: '/srv/app', env }, files: { ...base, ...files } });
}

async function reached(files: Files, argv?: readonly string[], env?: readonly string[]): Promise<readonly string[]> {
  return reachedFiles(await graphOf(files, argv, env)).filter((path) => base[path] === undefined);
}

describe('files of Ruby', () => {
  it('are features of the load path and of gems, files beside, and what is loaded when a constant is named', async () => {
    const files: Files = {
      '/srv/app/main.rb':
        "require 'one'\nrequire_relative 'own/two'\nautoload :Late, 'late'\nif x then require \"three/four\" end\n",
      '/srv/app/own/two.rb': "require File.expand_path('../deep/five', __FILE__)\nload File.join(__dir__, 'six.rb')",
      '/srv/app/own/deep/five.rb': '',
      '/srv/app/own/six.rb': '',
      [`${vendor}/one.rb`]: "require 'one/part'",
      [`${vendor}/one/part.rb`]: '',
      [`${vendor}/late.rb`]: '',
      [`${home}/specifications/three-1.0.gemspec`]: specification('three', 's.require_paths = ["code".freeze]'),
      [`${home}/gems/three-1.0/code/three/four.rb`]: "require 'native/three'",
      [`${home}/extensions/x86_64-linux/3.1.0/three-1.0/native/three.so`]: '',
      [`${home}/extensions/x86_64-linux/3.1.0/three-1.0/gem.build_complete`]: '',
      [`${home}/gems/three-1.0/templates/page.erb`]: '',
    };
    const more: Files = {
      '/srv/app/main_spec.rb': '',
      [`${vendor}/unused.rb`]: '',
      [`${vendor}/one/other.rb`]: '',
      [`${home}/gems/three-1.0/code/three/unused.rb`]: '',
      [`${home}/gems/three-1.0/spec/data.json`]: '',
    };
    // What Ruby's own path does not have is told of in every specification, so all are read.
    const other: Files = { [`${home}/specifications/idle-1.0.gemspec`]: specification('idle') };
    expect(await reached({ ...files, ...more, ...other })).toEqual(Object.keys({ ...files, ...other }).sort());
  });

  it('are the whole gem where the name is computed, and that is said', async () => {
    const files: Files = {
      '/srv/app/main.rb': "require 'engine'",
      [`${vendor}/engine.rb`]:
        '# require \'no\'\nDRIVERS = %w[fast slow]\ndef pick(name)\n  require name\nend\nrequire "engine/db_#{x}"',
      [`${vendor}/engine/a.rb`]: '',
      [`${vendor}/engine/db_sqlite.rb`]: "require 'sqlite'",
      [`${vendor}/sqlite.rb`]: '',
      [`${vendor}/fast.rb`]: '',
    };
    const graph = await graphOf({ ...files, [`${vendor}/no.rb`]: '' });
    expect(reachedFiles(graph).filter((path) => base[path] === undefined)).toEqual(Object.keys(files).sort());
    expect(graph.undecided).toEqual([
      { path: `${vendor}/engine.rb`, problem: 'module', detail: 'require name', language: 'ruby' },
    ]);
  });

  describe('whose name is in a variable', () => {
    const gem = (main: string, more: Files = {}): Files => ({
      '/srv/app/main.rb': "require 'engine'",
      [`${home}/specifications/engine-1.0.gemspec`]: specification('engine'),
      [`${home}/gems/engine-1.0/lib/engine.rb`]: main,
      [`${home}/gems/engine-1.0/lib/engine/db_a.rb`]: '',
      [`${home}/gems/engine-1.0/lib/engine/db_b.rb`]: '',
      [`${home}/gems/engine-1.0/lib/engine/other.rb`]: '',
      ...more,
    });
    const user = (main: string): Files => ({
      [`${home}/specifications/user-1.0.gemspec`]: specification('user', "s.add_dependency('engine'.freeze)"),
      [`${home}/gems/user-1.0/lib/user.rb`]: main,
    });
    const told = ['/engine/db_a.rb', '/engine/db_b.rb'];
    const all = [...told, '/engine/other.rb'];
    const method = 'def self.attempt(path)\n  require(path)\nrescue LoadError\nend\n';

    it.each([
      ['a list', '%w[\n engine/db_a\n engine/db_b\n].each do |name|\n  require name\nend', told],
      ['a list of texts', '[\'engine/db_a\', "engine/db_#{x}"].each { |name| require name }', told],
      ['assignments', 'name = \'engine/db_a\'\nname = "engine/db_#{x}" if y\nrequire name', told],
      ['callers', `${method}attempt "engine/db_#{x}"`, told],
      ['callers with a list', `${method}%w[engine/db_a engine/db_b].each { |one| attempt one }`, told],
      ['an assignment that is computed', "name = 'engine/db_a'\nname = find(x)\nrequire name", all],
      ['a list that is computed', 'drivers.each { |name| require name }\n%w[engine/db_a].each { |name| }', all],
      ['a list that grows', "name = 'engine/db_a'\nname << x\nrequire name", all],
      ['a second parameter', "def pick(x, name)\n  require name\nend\npick 1, 'engine/db_a'", all],
      ['no caller', method, all],
      ['a caller that computes', `${method}attempt 'engine/db_a'\nattempt(find(x))`, all],
      ['a method handed on', `${method}attempt 'engine/db_a'\nx.each(&method(:attempt))`, all],
    ])('are what it can hold: %s', async (_title, main, expected) => {
      const graph = await graphOf(gem(main));
      const parts = reachedFiles(graph).flatMap((path) => /\/engine\/\w+\.rb$/.exec(path)?.[0] ?? []);
      expect(parts).toEqual(expected);
      expect(graph.undecided.length).toBe(expected === all ? 1 : 0);
    });

    it('are what dependent gems and no application pass', async () => {
      const passes = `${method}attempt 'engine/db_a'`;
      const undecided = async (files: Files) => (await graphOf(files)).undecided.length;
      expect(await undecided(gem(passes, user("Engine.attempt('engine/db_b')")))).toBe(0);
      expect(await undecided(gem(passes, user('Engine.attempt(x)')))).toBe(1);
      expect(await undecided(gem(passes, { '/srv/app/main.rb': "require 'engine'\nEngine.attempt('more')" }))).toBe(1);
    });

    it('are every version of an extension', async () => {
      const extension = `${home}/gems/engine-1.0/lib/3.1/fast.so`;
      const graph = await graphOf(
        gem('require_relative "#{RUBY_VERSION[/\\d+\\.\\d+/]}/fast"', { [extension]: program }),
      );
      expect(reachedFiles(graph)).toContain(extension);
      expect(graph.undecided).toEqual([]);
    });
  });

  it('name what a computed name can mean, but for the standard library', async () => {
    const graph = await graphOf({
      '/srv/app/main.rb': "require 'json'\nrequire 'other'",
      '/usr/lib/ruby/3.1.0/json.rb': 'puts "see exemplar"',
      [`${vendor}/other.rb`]: 'defined?(OtherGem)',
    });
    expect(graph.mentioned).toContain('other_gem');
    expect(graph.mentioned).not.toContain('exemplar');
  });

  it('are started by binstubs, bundler, options and variables', async () => {
    const files: Files = {
      '/usr/bin/bundle': {
        mode: 0o755,
        content: '#!/usr/bin/ruby\nload Gem.activate_bin_path("bundler", "bundle", "")',
      },
      '/usr/bin/puma': { mode: 0o755, content: '#!/usr/bin/ruby\nload Gem.activate_bin_path("puma", "puma", version)' },
      [`${home}/specifications/puma-1.0.gemspec`]: specification('puma'),
      [`${home}/gems/puma-1.0/bin/puma`]: "require 'puma/cli'",
      [`${home}/gems/puma-1.0/lib/puma/cli.rb`]: '',
      [`${home}/specifications/extra-1.0.gemspec`]: specification('extra'),
      [`${home}/gems/extra-1.0/lib/extra/more.rb`]: '',
      [`${vendor}/bundler.rb`]: '',
      [`${vendor}/bundler/setup.rb`]: '',
      [`${vendor}/opt.rb`]: '',
      '/srv/app/Gemfile': "gem 'puma'\ngem 'extra', require: 'extra/more'\n",
      '/srv/app/config.ru': "require './app'\nrun App",
      '/srv/app/app.rb': "require 'bundler'\nBundler.require(:default)",
    };
    expect(await reached(files, ['bundle', 'exec', 'puma'], ['RUBYOPT=-ropt'])).toEqual(Object.keys(files).sort());
  });

  it('are all of an application whose framework loads them by the names of constants', async () => {
    const files: Files = {
      '/srv/app/bin/server': { mode: 0o755, content: "#!/usr/bin/env ruby\nrequire_relative '../config/application'" },
      '/srv/app/config/application.rb': "require 'rails/all'",
      '/srv/app/app/models/user.rb': "require 'csv_more'",
      [`${vendor}/rails/all.rb`]: '',
      [`${vendor}/csv_more.rb`]: '',
      '/usr/bin/env': program,
    };
    const graph = await graphOf({ ...files, '/srv/app/spec/user_spec.rb': '' }, ['/srv/app/bin/server']);
    expect(reachedFiles(graph).filter((path) => base[path] === undefined)).toEqual(Object.keys(files).sort());
    expect(graph.nodes.get(`${vendor}/csv_more.rb`)?.onlyApplication).toBeUndefined();
  });

  describe('that only a computed name loads', () => {
    const adapters = (main: string, more: Files = {}): Files => ({
      '/srv/app/main.rb': main,
      [`${home}/specifications/render-1.0.gemspec`]: specification('render', "s.add_dependency('base'.freeze)"),
      [`${home}/gems/render-1.0/lib/render.rb`]:
        "lazy :Quick, 'render/quick', 'qk'\nlazy :Slow, 'render/slow', 'sl'\ndef pick(x)\n  require find(x)\nend",
      [`${home}/gems/render-1.0/lib/render/quick.rb`]: "require 'base'\nrequire 'quickdown'",
      [`${home}/gems/render-1.0/lib/render/slow.rb`]: "require 'slowdown'",
      ...Object.fromEntries(
        ['base', 'quickdown', 'slowdown'].flatMap((name) => [
          [`${home}/specifications/${name}-1.0.gemspec`, specification(name)],
          [`${home}/gems/${name}-1.0/lib/${name}.rb`, ''],
        ]),
      ),
      ...more,
    });
    const gemsOf = async (files: Files) =>
      (await reached(files)).flatMap((path) => /\/lib\/(base|quickdown|slowdown)\.rb$/.exec(path)?.[1] ?? []);

    it('ask for gems that theirs does not declare where the application names them', async () => {
      expect(await gemsOf(adapters("require 'render'"))).toEqual(['base']);
      expect(await gemsOf(adapters("require 'render'\nquickdown"))).toEqual(['base', 'quickdown']);
      expect(await gemsOf(adapters("require 'render'\npick(:slow)"))).toEqual(['base', 'slowdown']);
      expect(await gemsOf(adapters("require 'render'", { '/srv/app/views/page.qk': '' }))).toEqual([
        'base',
        'quickdown',
      ]);
      expect(await gemsOf(adapters("require 'render'", { '/srv/app/Gemfile': "gem 'slowdown'" }))).toEqual([
        'base',
        'slowdown',
      ]);
    });

    it('ask for all that they do where they are loaded by their names too', async () => {
      expect(await gemsOf(adapters('require \'render\'\nrequire "render/s#{x}"'))).toEqual(['base', 'slowdown']);
    });
  });

  it('bring the converters of character sets that they name', async () => {
    const gconv = '/usr/lib/x86_64-linux-gnu/gconv';
    const files: Files = {
      '/srv/app/main.rb': "require 'markup'",
      [`${vendor}/markup.rb`]: 'ALIASES = { "Windows-31J" => "CP932" }',
      [`${gconv}/CP932.so`]: program,
    };
    expect(await reached({ ...files, [`${gconv}/BIG5.so`]: program })).toEqual(Object.keys(files).sort());
  });

  it('start programs when they are the application, through a shell only where the line needs one', async () => {
    const files: Files = {
      '/srv/app/main.rb': "system('tool -x')\nputs `other y`",
      '/usr/bin/tool': program,
      '/usr/bin/other': program,
    };
    expect(await reached({ ...files, '/bin/sh': program })).toEqual(Object.keys(files).sort());
    expect(await reached({ ...files, '/bin/sh': program, '/srv/app/main.rb': "exec 'tool | other'" })).toContain(
      '/bin/sh',
    );
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-ruby-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const missing = isMissing('strace', '-V') || isMissing('ruby', '-e', "require 'sinatra/base'; require 'puma'");

  it.skipIf(missing)('include every file that a real server opens', { timeout: 120_000 }, async () => {
    writeFileSync(
      join(folder, 'app.rb'),
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  get('/') { erb '<%= 6 * 7 %>' }\nend\n",
    );
    writeFileSync(join(folder, 'config.ru'), "require_relative 'app'\nrun App\n");
    const port = await freePort();
    const traced = {
      argv: ['/usr/bin/puma', '-b', `tcp://127.0.0.1:${port}`],
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', HOME: '/root' },
    };
    const opened = await openedByServer(traced, async () => {
      expect(await answerOf(`http://127.0.0.1:${port}/`)).toBe('42');
    });
    expect(opened.length).toBeGreaterThan(100);
    expect(missedFiles(await liveReach(traced), opened, traced)).toEqual([]);
  });
});

describe('scanRuby', () => {
  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      'require ',
      "'",
      '"',
      '#{',
      '}',
      '(',
      ')',
      '\n',
      'File.join(',
      '__dir__',
      ', ',
      '%w[',
      '=begin\n',
      '`',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        scanRuby(parts.join(''), '/srv/main.rb');
      }),
      { numRuns: 500 },
    );
  });
});
