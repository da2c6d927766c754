import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProject, type Project, readBlob, readManifest } from './project.ts';

/** dpkg unpacks devices and owners as root only. */
const canUnpack = process.getuid?.() === 0 && hasDpkg();

function hasDpkg(): boolean {
  try {
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let project: Project;
const at = (path: string): string => join(project.folder, path);

function run(command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { cwd: project.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A package with everything that an archive of files can hold. */
function makeTree(): void {
  const file = (path: string, mode: number, uid = 0, gid = 0): void => {
    writeFileSync(at(`tree/${path}`), path);
    chownSync(at(`tree/${path}`), uid, gid);
    chmodSync(at(`tree/${path}`), mode);
  };
  for (const folder of ['DEBIAN', 'usr/bin', 'etc/odd.d', 'srv/own', 'dev'])
    mkdirSync(at(`tree/${folder}`), { recursive: true });
  file('usr/bin/setuid', 0o4755);
  file('usr/bin/setgid', 0o2755, 0, 42);
  file('usr/bin/one', 0o755);
  linkSync(at('tree/usr/bin/one'), at('tree/usr/bin/two'));
  linkSync(at('tree/usr/bin/one'), at('tree/etc/three'));
  symlinkSync('../bin/one', at('tree/usr/bin/link'));
  symlinkSync('/nowhere', at('tree/etc/dangling'));
  file('etc/odd.d/conf', 0o640, 0, 7);
  file('etc/a name with spaces \u00e9', 0o644);
  file(`etc/${'long'.repeat(50)}`, 0o600);
  chownSync(at('tree/srv/own'), 65_534, 100_000);
  chmodSync(at('tree/srv/own'), 0o3770);
  run('mknod', 'tree/dev/null', 'c', '1', '3');
  run('mkfifo', 'tree/dev/pipe');
  writeFileSync(
    at('tree/DEBIAN/control'),
    'Package: odd\nVersion: 1-1\nArchitecture: amd64\nMaintainer: A <a@example.com>\nDescription: odd\n',
  );
  writeFileSync(at('tree/DEBIAN/conffiles'), '/etc/odd.d/conf\n');
}

/** Every path with kind, mode, owner, links and content, as find sees it. */
function listing(root: string): readonly string[] {
  const format = '%P %y %m %U:%G %n %l %s\n';
  // Records of packages, and the account that every image has.
  const others = ['var', 'var/*', 'home', 'home/*', 'etc/passwd', 'etc/group'];
  const besides = others.flatMap((path) => ['-not', '-path', `${root}/${path}`]);
  const listed = run('find', root, '-mindepth', '1', ...besides, '-printf', format);
  const files = run('find', root, '-type', 'f', ...besides, '-exec', 'sha256sum', '{}', '+');
  // Sizes of folders are their filesystem's.
  const lines = listed.split('\n').map((line) => (/^.* d \d+ /.test(line) ? line.replace(/ \d+ {2}\d+$/, '') : line));
  return [...lines, ...files.replaceAll(`${root}/`, '').split('\n')].toSorted();
}

beforeAll(async () => {
  project = await makeProject([]);
  if (!canUnpack) return;
  makeTree();
});
afterAll(() => project.close());

/** Builds an image of the packages and installs them with dpkg, in this order; what both leave. */
async function bothOf(names: readonly string[]): Promise<{ readonly ours: unknown; readonly theirs: unknown }> {
  await project.publish(names.map((name) => ({ name, version: '1-1', deb: readFileSync(at(`${name}.deb`)) })));
  project.write(`distribution: debian12\nsuites: [trixie]\npackages: [${names.join(', ')}]\nlayering: single`);
  const { code, stdout, stderr } = await project.run(['build', '-o', 'oci:image', '--update', '--no-documents']);
  expect(code, stderr).toBe(0);
  run('rm', '-rf', 'ours', 'theirs');
  mkdirSync(at('ours'));
  for (const { digest } of readManifest(at('image'), stdout.trim()).layers) {
    writeFileSync(at('layer.tar.gz'), readBlob(at('image'), digest));
    run('tar', '-xzpf', 'layer.tar.gz', '--numeric-owner', '-C', 'ours');
  }
  for (const folder of ['info', 'updates']) mkdirSync(at(`theirs/var/lib/dpkg/${folder}`), { recursive: true });
  writeFileSync(at('theirs/var/lib/dpkg/status'), '');
  const install = ['--log=/dev/null', '--force-script-chrootless', '--install'];
  for (const name of names) run('dpkg', `--root=${at('theirs')}`, ...install, `${name}.deb`);
  return { ours: listing('ours'), theirs: listing('theirs') };
}

it.skipIf(!canUnpack).each(['xz', 'gzip', 'zstd'])('lays out a package (%s) as dpkg does', async (compression) => {
  run('dpkg-deb', `-Z${compression}`, '--build', 'tree', 'odd.deb');
  const { ours, theirs } = await bothOf(['odd']);
  expect(ours).toEqual(theirs);
  expect(ours).toContainEqual(expect.stringMatching(/^usr\/bin\/setuid f 4755 /));
});

it.skipIf(!canUnpack)('leaves hard links as dpkg does when another package takes what they lead to', async () => {
  run('dpkg-deb', '-Zgzip', '--build', 'tree', 'odd.deb');
  for (const folder of ['DEBIAN', 'usr/bin']) mkdirSync(at(`taker/${folder}`), { recursive: true });
  writeFileSync(
    at('taker/DEBIAN/control'),
    'Package: taker\nVersion: 1-1\nArchitecture: amd64\nReplaces: odd\nMaintainer: A <a@example.com>\nDescription: taker\n',
  );
  writeFileSync(at('taker/usr/bin/one'), 'taken');
  run('dpkg-deb', '-Zgzip', '--build', 'taker', 'taker.deb');
  const { ours, theirs } = await bothOf(['odd', 'taker']);
  expect(ours).toEqual(theirs);
  // The two that are left are one file.
  expect(ours).toContainEqual(expect.stringMatching(/^usr\/bin\/two f 755 0:0 2 /));
});

/** A package with a postinst and empty programs. */
function makeAlternative(name: string, programs: readonly string[], script: string): void {
  for (const folder of ['DEBIAN', 'usr/bin']) mkdirSync(at(`${name}/${folder}`), { recursive: true });
  writeFileSync(
    at(`${name}/DEBIAN/control`),
    `Package: ${name}\nVersion: 1-1\nArchitecture: amd64\nMaintainer: A <a@example.com>\nDescription: ${name}\n`,
  );
  writeFileSync(at(`${name}/DEBIAN/postinst`), `#!/bin/sh\nset -e\n${script}`, { mode: 0o755 });
  for (const program of programs) writeFileSync(at(`${name}/usr/bin/${program}`), '', { mode: 0o755 });
  run('dpkg-deb', '-Zgzip', '--build', name, `${name}.deb`);
}

it.skipIf(!canUnpack)('makes the links of alternatives that update-alternatives makes', async () => {
  makeAlternative(
    'lesser',
    ['lesser', 'one.lesser', 'two.lesser', 'taken.lesser', 'taken'],
    `case "$1" in
  configure)
    # The usual form.
    update-alternatives --quiet --install /usr/bin/common common /usr/bin/lesser 10 \\
      --slave /usr/bin/follower follower /usr/bin/lesser \\
      --slave /usr/share/man/man1/common.1.gz common.1.gz /usr/share/man/man1/lesser.1.gz
    for i in one two; do
      update-alternatives --install /usr/bin/$i $i "/usr/bin/\${i}.lesser" 30 >/dev/null
    done
    update-alternatives --install /usr/bin/negative negative /usr/bin/lesser -5 || true
  ;;
esac
`,
  );
  makeAlternative(
    'greater',
    ['greater'],
    `if [ "$1" = configure ]; then
  update-alternatives \\
    --install /usr/bin/common common /usr/bin/greater 50
fi
if [ -e /nowhere ]; then update-alternatives --install /usr/bin/none none /usr/bin/nowhere 1; fi
`,
  );
  const { ours, theirs } = await bothOf(['lesser', 'greater']);
  expect(ours).toEqual(theirs);
  expect(ours).toContainEqual(expect.stringMatching(/^etc\/alternatives\/common l .* \/usr\/bin\/greater /));
  expect(ours).toContainEqual(expect.stringMatching(/^usr\/bin\/two l .* \/etc\/alternatives\/two /));
  expect(ours).not.toContainEqual(expect.stringContaining('follower'));
});
