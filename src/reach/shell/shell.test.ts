import { describe, expect, it } from 'vitest';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';

const tools = Object.fromEntries(
  ['sh', 'nginx', 'find', 'sort', 'envsubst', 'sed', 'gosu', 'redis-server', 'id', 'chown', 'curl', 'node', 'su'].map(
    (name) => [`/usr/bin/${name}`, program],
  ),
);

async function reached(
  entrypoint: readonly string[],
  files: Parameters<typeof reachOf>[0]['files'],
  env: readonly string[] = [],
): Promise<readonly string[]> {
  const graph = await reachOf({ config: { entrypoint, env }, files: { ...tools, ...files } });
  expect(graph.undecided.filter(({ problem }) => problem === 'command')).toEqual([]);
  return reachedFiles(graph).map((path) => path.replace('/usr/bin/', ''));
}

const script = (text: string) => ({ mode: 0o755, content: `#!/bin/sh\nset -e\n${text}\n` });
const bin = { '/bin': { link: 'usr/bin' } };

describe('shell scripts', () => {
  it('run what the shell form of a command says', async () => {
    expect(await reached(['/bin/sh', '-c', 'id && exec nginx -g "daemon off;"'], bin)).toEqual(['id', 'nginx', 'sh']);
  });

  it('hand their arguments on', async () => {
    const files = {
      ...bin,
      '/docker-entrypoint.sh': script(`
if [ "\${1#-}" != "$1" ] || [ "\${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi
if [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then
  find . \\! -user redis -exec chown redis '{}' +
  exec gosu redis "$0" "$@"
fi
exec "$@"`),
    };
    expect(await reached(['/docker-entrypoint.sh', 'redis-server'], files)).toEqual([
      '/docker-entrypoint.sh',
      'chown',
      'find',
      'gosu',
      'id',
      'redis-server',
      'sh',
    ]);
  });

  it('run and read in the files of a folder that they go through', async () => {
    const files = {
      ...bin,
      '/docker-entrypoint.sh': script(`
if /usr/bin/find "/docker-entrypoint.d/" -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read v; then
  find "/docker-entrypoint.d/" -follow -type f -print | sort -V | while read -r f; do
    case "$f" in
      *.envsh) if [ -x "$f" ]; then . "$f"; fi ;;
      *.sh) if [ -x "$f" ]; then "$f"; fi ;;
    esac
  done
fi
exec "$@"`),
      '/docker-entrypoint.d/10-x.sh': script('envsubst < /etc/template > /etc/out'),
      '/docker-entrypoint.d/20-y.envsh': 'PATTERN=$(sed s/a/b/)\n',
      '/etc/template': '',
    };
    expect(await reached(['/docker-entrypoint.sh', 'nginx'], files)).toEqual([
      '/docker-entrypoint.d/10-x.sh',
      '/docker-entrypoint.d/20-y.envsh',
      '/docker-entrypoint.sh',
      '/etc/template',
      'envsubst',
      'find',
      'nginx',
      'sed',
      'sh',
      'sort',
    ]);
  });

  it('expand variables, loops, patterns and functions', async () => {
    const files = {
      ...bin,
      '/run.sh': script(`
TOOL=\${TOOL:-curl}
helper() { "$TOOL" "$1"; }
for part in /parts/*.sh; do . "$part"; done
helper x
command -v sed >/dev/null
$RUNNER start`),
      '/parts/a.sh': 'id\n',
      '/parts/b.txt': 'su\n',
    };
    expect(await reached(['/run.sh'], files, ['RUNNER=nginx'])).toEqual([
      '/parts/a.sh',
      '/run.sh',
      'curl',
      'id',
      'nginx',
      'sed',
      'sh',
    ]);
  });

  it('run nothing by a variable that nobody sets, and what the image sets it to', async () => {
    const files = { ...tools, ...bin, '/run.sh': script('$LOGGER </dev/null\n"$HOOK" start\nexec sed') };
    const graph = await reachOf({ config: { entrypoint: ['/run.sh'] }, files });
    expect(graph.undecided).toEqual([]);
    const set = await reachOf({ config: { entrypoint: ['/run.sh'], env: ['LOGGER=id -u'] }, files });
    expect(reachedFiles(set)).toEqual([...reachedFiles(graph), '/usr/bin/id'].sort());
    const computed = { ...files, '/run.sh': script('LOGGER=$(cat /tool)\n$LOGGER </dev/null') };
    const unknown = await reachOf({ config: { entrypoint: ['/run.sh'] }, files: computed });
    expect(unknown.undecided).toEqual([{ path: '/run.sh', problem: 'command', detail: '$LOGGER' }]);
  });

  it('say what they compute', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/run.sh'] },
      files: { ...tools, ...bin, '/run.sh': script('"$(cat /tool)" x') },
    });
    expect(graph.undecided).toEqual([{ path: '/run.sh', problem: 'command', detail: '$(…)' }]);
  });
});
