import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { liveReach, missedFiles } from '../testing/live-reach.ts';
import { openedFiles } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanClasses } from './scan-classes.ts';

type Files = Readonly<Record<string, MemoryEntry>>;
const home = '/opt/jdk';
const base: Files = {
  '/usr/bin/java': { link: `${home}/bin/java` },
  [`${home}/bin/java`]: program,
  [`${home}/lib/modules`]: '',
  [`${home}/lib/security/cacerts`]: { link: '/etc/ssl/certs/java/cacerts' },
  '/etc/ssl/certs/java/cacerts': '',
};
const notRun: Files = {
  [`${home}/bin/javac`]: program,
  [`${home}/jmods/java.base.jmod`]: '',
  [`${home}/lib/src.zip`]: '',
  [`${home}/lib/ct.sym`]: '',
  [`${home}/include/jni.h`]: '',
};
const drawing: Files = { [`${home}/lib/libawt.so`]: '', [`${home}/lib/libfontmanager.so`]: '' };

async function reached(files: Files, argv: readonly string[], env: readonly string[] = []): Promise<readonly string[]> {
  const all = { ...base, ...notRun, ...drawing, ...files };
  const graph = await reachOf({ config: { entrypoint: argv, workingDir: '/srv/app', env }, files: all });
  return reachedFiles(graph).filter((path) => base[path] === undefined);
}

describe('programs of Java', () => {
  it('need their installation without what builds and draws, and the whole of their class path', async () => {
    const files: Files = {
      '/srv/app/classes/Main.class': 'x',
      '/srv/app/lib/a.jar': 'PK',
      '/srv/app/lib/b.jar': 'PK',
      '/srv/app/agent.jar': 'PK',
      '/srv/app/options': '-cp "classes:lib/*"\n# comment\n-Dx=/etc/x.conf\n',
      '/etc/x.conf': '',
    };
    const argv = ['java', '@options', 'Main', '/srv/app/other.jar'];
    const env = ['JAVA_TOOL_OPTIONS=-javaagent:agent.jar=opt'];
    // What is no archive cannot be read, so that it may draw.
    expect(await reached(files, argv, env)).toEqual([...Object.keys(files), ...Object.keys(drawing)].sort());
    expect(await reached({ '/srv/app/Main.class': 'x' }, ['java', '-cp', '.', 'Main'])).toEqual([
      '/srv/app/Main.class',
    ]);
    expect(await reached({ '/srv/app/Main.class': 'java/awt/Image' }, ['java', '-cp', '.', 'Main'])).toEqual(
      expect.arrayContaining(Object.keys(drawing)),
    );
  });

  it('load native libraries by name', async () => {
    const files: Files = {
      '/srv/app/Main.class': '\x01\0\x0bloadLibrary\x01\0\x08tcnative\x07',
      '/usr/lib/jni/libtcnative.so': '',
    };
    expect(await reached({ ...files, '/usr/lib/jni/libother.so': '' }, ['java', '-cp', '.', 'Main'])).toEqual(
      Object.keys(files).sort(),
    );
  });

  it('are web applications where Tomcat starts, whose folders may be links', async () => {
    const files: Files = {
      '/usr/share/tomcat10/bin/catalina.sh': { mode: 0o755, content: '#!/bin/sh\n' },
      '/usr/share/tomcat10/bin/bootstrap.jar': 'PK',
      '/usr/share/tomcat10/lib/catalina.jar': { link: '../../java/tomcat10-catalina.jar' },
      '/usr/share/java/tomcat10-catalina.jar': 'PK',
      '/var/lib/tomcat10/conf': { link: '/etc/tomcat10' },
      '/etc/tomcat10/server.xml': '',
      '/var/lib/tomcat10/webapps/ROOT/index.jsp': '',
      '/bin/sh': program,
    };
    const found = await reached(files, ['/usr/share/tomcat10/bin/catalina.sh', 'run']);
    expect(found).toEqual(
      expect.arrayContaining(Object.keys(files).filter((path) => !/conf$|catalina\.jar$/.test(path))),
    );
    expect(found).toContain('/usr/share/java/tomcat10-catalina.jar');
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-java-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const library = '/usr/share/java/commons-lang3.jar';
  const missing = isMissing('strace', '-V') || isMissing('java', '-version') || isMissing('test', '-e', library);
  const archive = join(folder, 'app.jar');
  beforeAll(() => {
    if (missing) return;
    // An archive without a program of its own, so that no compiler is needed: its Class-Path is what is looked at.
    const made = spawnSync('python3', [
      '-c',
      'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z: z.writestr("META-INF/MANIFEST.MF", sys.argv[2])',
      archive,
      `Manifest-Version: 1.0\nClass-Path: ${library}\n\n`,
    ]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    writeFileSync(join(folder, 'options'), `-cp ${archive}\n`);
  });

  it.skipIf(missing)('include every file that a real program opens', { timeout: 120_000 }, async () => {
    expect(scanClasses(readFileSync(archive), archive).archives).toEqual([library]);
    const java = realpathSync('/usr/bin/java');
    // The name of a class that the archive of the Class-Path has and that has no `main` makes Java load it and stop.
    const words = ['-XshowSettings:locale', '@options', 'org.apache.commons.lang3.StringUtils'];
    const traced = {
      argv: ['/bin/sh', '-c', `${java} ${words.join(' ')} || true`],
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
    };
    const opened = openedFiles(traced.argv, folder, traced.env);
    expect(opened).toContain(realpathSync(library));
    expect(missedFiles(await liveReach(traced), opened, traced)).toEqual([]);
  });
});

describe('scanClasses', () => {
  it('ends on anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        scanClasses(bytes, '/x.jar');
        scanClasses(bytes, '/x.class');
      }),
      { numRuns: 500 },
    );
  });
});
