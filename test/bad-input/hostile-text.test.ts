import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OsvServer, startOsvServer } from '../../src/advisories/testing/osv-server.ts';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createWorkplace, expectAnswer, expectRefusal, type Run } from './command.ts';
import { debianFiles, editManifest, writeBlob } from './images.ts';

const online = createWorkplace({ offline: false });
const { at, run, close } = createWorkplace();
let osv: OsvServer;

const escapes = '\u001b[2J\u001b]0;title\u0007\u009b31m\u0008\r\u202e\u0000';
const live = `"'><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)>`;
const markdown = '|`x`[y](javascript:alert(4))<!-- @everyone ![z](http://evil.invalid/z.png)';
const hostile = `${escapes}${live}${markdown}`;

/** Controls, bidirectional marks, and what else acts on its neighbours. */
const deceptive = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

function npmFile(folder: string | Uint8Array, document: unknown): { readonly name: string; readonly content: string } {
  return { name: `app/node_modules/${folder as string}/package.json`, content: JSON.stringify(document) };
}

beforeAll(async () => {
  osv = await startOsvServer();
  const record = {
    id: `GHSA-${live}${escapes}`,
    modified: '2024-01-01T00:00:00Z',
    summary: hostile,
    details: hostile,
    aliases: [`CVE-2024-0001`, `CVE-${escapes}${live}`],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'victim' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `2.0.0-${live}` }] }],
        versions: ['1.0.0'],
        database_specific: { severity: hostile },
      },
    ],
    references: [
      { type: 'ADVISORY', url: 'javascript:alert(5)' },
      { type: 'WEB', url: `https://evil.invalid/${live}` },
    ],
    database_specific: { severity: hostile },
  };
  const plain = {
    id: 'GHSA-aaaa-bbbb-cccc',
    modified: '2024-01-01T00:00:00Z',
    summary: hostile,
    severity: [{ type: 'CVSS_V3', score: hostile }],
    affected: [{ package: { ecosystem: 'npm', name: 'victim' }, versions: ['1.0.0', '1.0.1'] }],
  };
  osv.publish('npm', [plain]);
  osv.put('npm/odd.json', JSON.stringify(record));
  makeLayout(at('image'), {
    tag: `v1${live}${escapes}`,
    config: {
      User: hostile,
      Cmd: [hostile],
      Entrypoint: [hostile],
      Env: [`A=${hostile}`],
      Labels: { [hostile]: hostile },
      WorkingDir: hostile,
      ExposedPorts: { [hostile]: {} },
    },
    createdBy: [hostile, `RUN ${hostile}`],
    layers: [
      makeLayer([
        {
          name: 'etc/os-release',
          content: `ID=debian\nVERSION_ID="12${live}"\nPRETTY_NAME="${hostile.replaceAll('"', '')}"\n`,
        },
        {
          name: 'var/lib/dpkg/status',
          content: `Package: bad${live}${escapes.replaceAll(/[\r\0]/g, '')}\nVersion: 1${live}\u001b[31m\nStatus: install ok installed\nMaintainer: ${live}\nHomepage: javascript:alert(6)\n\nnonsense ${live}\u001b[31m\n`,
        },
      ]),
      makeLayer([
        npmFile('victim', {
          name: 'victim',
          version: '1.0.0',
          license: hostile,
          homepage: 'javascript:alert(7)',
          description: hostile,
        }),
        npmFile('victim2', { name: `x${hostile}`, version: `1.0.0${hostile}` }),
        {
          name: `app/node_modules/p\u001b[31m${live.replaceAll('/', '')}/package.json`,
          content: '{"name":"path","version":"1"}',
        },
        { name: 'app/node_modules/caf\udce9/package.json', content: '{"name":"caf\\udce9","version":"1.0.0"}' },
        { name: `../${live}${escapes.replaceAll('\0', '')}`, content: 'x' },
        { name: `usr/bin/caf\udce9`, content: 'x', mode: 0o4755 },
        { name: `usr/bin/sh`, link: hostile.replaceAll('\0', '') },
      ]),
    ],
  });
});
afterAll(async () => {
  await osv.close();
  online.close();
  close();
});

const forms = {
  table: 'txt',
  html: 'html',
  markdown: 'md',
  sarif: 'sarif',
  junit: 'xml',
  cyclonedx: 'cdx.json',
  spdx: 'spdx.json',
  gitlab: 'gl.json',
  ids: 'ids',
  json: 'json',
} as const;

describe('hostile text in names, versions, paths, configuration and advisories', () => {
  const files: Partial<Record<keyof typeof forms, string>> = {};
  let result: Run;

  beforeAll(async () => {
    const outputs = Object.entries(forms).flatMap(([form, ending]) => ['-o', `${form}=${at(`out.${ending}`)}`]);
    const sources = ['--feeds', 'osv', '--feed', `osv=${osv.url}`];
    result = await online.run('scan', ...sources, ...outputs, at('image'));
    expect(result).toMatchObject({ code: 0 });
    for (const form of Object.keys(forms) as (keyof typeof forms)[]) {
      files[form] = readFileSync(at(`out.${forms[form]}`), 'utf8');
    }
  });

  it('is there, so that the rest of this proves something', () => {
    const { packages, findings } = JSON.parse(files.json ?? '') as {
      packages: { name: string }[];
      findings: { id: string; summary: string }[];
    };
    expect(packages.map(({ name }) => name)).toContain(`x${hostile}`);
    expect(packages.map(({ name }) => name)).toContain('caf\udce9');
    expect(findings.map(({ id }) => id)).toContain('GHSA-aaaa-bbbb-cccc');
    expect(findings[0]?.summary).toContain('<script>');
  });

  it.each(Object.keys(forms) as (keyof typeof forms)[])('leaves no control character in %s', (form) => {
    const text = files[form] ?? '';
    expect(text.replaceAll('\n', '')).not.toMatch(deceptive);
    expect(Buffer.from(text, 'utf8').equals(readFileSync(at(`out.${forms[form]}`)))).toBe(true);
  });

  it('leaves nothing on stderr that acts on a terminal', () => {
    expect(result.stderr).not.toMatch(/[^\n -~]/);
  });

  it('is text in HTML: no element, attribute or address of it lives', () => {
    const html = files.html ?? '';
    const scripts = html.match(/<script[\s>]/g) ?? [];
    const own = html.match(/<script(?: type="[\w/+-]+")?(?: nonce="[\w+/=-]+")?>/g) ?? [];
    expect(scripts.length).toBe(own.length);
    const markup = html.replaceAll(/<script[\s>].*?<\/script>|<style[\s>].*?<\/style>/gs, '');
    expect(markup).not.toMatch(/<script|<img|<svg\/|<iframe|<object|<embed|<base|<form/i);
    expect(markup).not.toMatch(/<[^>]*\son\w+=/i);
    expect(markup).not.toMatch(/(?:href|src|action)\s*=\s*["']?\s*(?:javascript|data|vbscript):/i);
    for (const [, address = ''] of markup.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).toMatch(/^(?:https?:\/\/|#)/);
    expect(html).toContain('Content-Security-Policy');
  });

  it('is text in Markdown', () => {
    const text = (files.markdown ?? '').replaceAll(/\\[!-/:-@[-`{-~]/g, '');
    expect(text).not.toMatch(/<(?:script|img|svg|!--)/);
    expect(text).not.toMatch(/\]\(javascript:|!\[/);
    expect(text).not.toMatch(/@everyone/);
  });

  it('leaves XML that a parser takes', () => {
    if (spawnSync('xmllint', ['--version']).error !== undefined) return expect(process.env['CI']).toBeUndefined();
    execFileSync('xmllint', ['--noout', '--nonet', at('out.xml')]);
    return expect(files.junit).not.toMatch(/<script|<img/);
  });

  it.each(['sarif', 'cyclonedx', 'spdx', 'gitlab'] as const)('leaves %s that every JSON reader takes', (form) => {
    JSON.parse(files[form] ?? '', (_, value: unknown) => {
      if (typeof value === 'string') expect(value).not.toMatch(/\p{Cs}/u);
      return value;
    });
    expect(files[form]).not.toMatch(/"(?:url|uri|homepage|downloadLocation|helpUri|homepageUrl)": "javascript:/i);
  });

  it('stays text when a saved scan is rendered again', async () => {
    const again = await run('report', '-o', 'html', at('out.json'));
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(files.html);
    const table = await run('report', at('out.json'));
    expect(table.code).toBe(0);
    expect(table.stdout.replaceAll('\n', '')).not.toMatch(deceptive);
  });

  it('stays text in what the command says of itself', async () => {
    const words = [
      ['scan', `docker-archive:${escapes.replaceAll('\0', '')}${live}`],
      ['scan', `${escapes.replaceAll('\0', '')}`],
      ['scan', `--${escapes.replaceAll('\0', '')}`],
      [`${escapes.replaceAll('\0', '')}`],
      ['scan', '-o', escapes.replaceAll('\0', ''), 'x'],
      ['report', escapes.replaceAll('\0', '')],
      ['scan', `${at('image')}:${escapes.replaceAll('\0', '')}`],
      ['scan', '--platform', `linux/${escapes.replaceAll('\0', '')}`, at('image')],
    ];
    for (const line of words) {
      const { code, stderr } = await run(...line);
      expect([2, 3]).toContain(code);
      expect(stderr).not.toMatch(/[^\n -~…–]/);
    }
    writeFileSync(at('home/.cinzel.yaml'), `"\\e[31m": 1\n`);
    expect((await run('scan', 'x')).stderr).not.toMatch(/[^\n -~…–]/);
    writeFileSync(at('home/.cinzel.yaml'), '');
  });
});

describe('documents that reach for prototypes', () => {
  const reach = '"__proto__":{"polluted":"yes","name":"polluted","version":"1.0.0","User":"polluted"}';
  const escaped = reach.replace('__proto__', '\\u005f\\u005fproto__');

  it.each([reach, escaped])('give nothing but what they hold themselves: %s', async (key) => {
    const folder = at(`prototype-${key === reach ? 1 : 2}`);
    makeLayout(folder, {
      tag: 'v1',
      layers: [
        makeLayer([
          ...debianFiles,
          { name: 'app/node_modules/a/package.json', content: `{${key}}` },
          {
            name: 'app/node_modules/b/package.json',
            content: `{${key},"constructor":{"prototype":{"x":1}},"name":"b","version":"1.0.0","dependencies":{${key}}}`,
          },
          { name: 'app/node_modules/c/package.json', content: '{"name":"__proto__","version":"1.0.0"}' },
          { name: 'app/node_modules/d/package.json', content: '{"name":"constructor","version":"toString"}' },
        ]),
      ],
    });
    editManifest(folder, (manifest) => {
      const path = join(folder, 'blobs', manifest.config.digest.replace(':', '/'));
      const config = readFileSync(path, 'utf8').replace('"config":{}', `"config":{${key},"Labels":{${key},"a":"b"}}`);
      Object.assign(manifest.config, writeBlob(folder, config));
      Object.assign(manifest, { annotations: JSON.parse(`{${key}}`) as object });
    });
    const answer = expectAnswer(await run('sbom', '-o', 'json', folder));
    const names = answer.packages.map(({ type, name }) => `${type}/${name}`);
    expect(names).toEqual(['deb/bash', 'deb/zlib1g', 'npm/__proto__', 'npm/b', 'npm/constructor']);
    expect(answer.image).toMatchObject({ config: { labels: { a: 'b' } } });
    expect(JSON.stringify(answer.image)).not.toContain('polluted');
    for (const form of ['cyclonedx', 'spdx', 'table', 'html']) {
      const { code, stdout } = await run('sbom', '-o', form, folder);
      expect(code).toBe(0);
      expect(stdout).not.toContain('polluted');
    }
  });

  it('do so as SBOM too', async () => {
    const component = `{${reach},"type":"library","name":"n","purl":"pkg:npm/n@1.0.0?constructor=x"}`;
    const odd =
      '{"type":"library","name":"o","purl":"pkg:__proto__/o@1.0.0"},{"type":"library","purl":"pkg:constructor/p@1.0.0"},{"type":"library","name":"r","purl":"pkg:npm/r@1.0.0?__proto__=polluted"}';
    writeFileSync(
      at('sbom.json'),
      `{${reach},"bomFormat":"CycloneDX","specVersion":"1.6","components":[${component},${odd},null,3,"x",[]]}`,
    );
    const answer = expectAnswer(await run('sbom', '-o', 'json', `sbom:${at('sbom.json')}`));
    expect(answer.packages.map(({ name }) => name)).toEqual(['constructor/p', 'n']);
    writeFileSync(at('sbom.json'), `{${reach},"spdxVersion":"SPDX-2.3","packages":[{${reach},"name":"q"}]}`);
    expect(expectAnswer(await run('sbom', '-o', 'json', `sbom:${at('sbom.json')}`)).packages).toEqual([]);
  });
});

describe('indexes in indexes', () => {
  const indexType = 'application/vnd.oci.image.index.v1+json';

  /** Wraps what index.json names in so many indexes, each of which names the one below so many times. */
  function wrap(folder: string, depth: number, times: number): string {
    makeLayout(folder, { layers: [makeLayer(debianFiles)] });
    const top = join(folder, 'index.json');
    for (let level = 0; level < depth; level++) {
      const below = JSON.parse(readFileSync(top, 'utf8')) as object;
      const platform = { os: 'linux', architecture: 'amd64' };
      const named = { mediaType: indexType, ...writeBlob(folder, JSON.stringify(below)), platform };
      writeFileSync(top, JSON.stringify({ schemaVersion: 2, manifests: Array.from({ length: times }, () => named) }));
    }
    return folder;
  }

  it('are followed a few levels, and then refused', async () => {
    expect(expectAnswer(await run('sbom', '-o', 'json', wrap(at('few'), 3, 1))).packages).toHaveLength(2);
    expectRefusal(await run('scan', wrap(at('many'), 20, 1)), 4, at('many'), 'nested too deeply');
    expectRefusal(await run('scan', '--platform', 'all', at('many')), 4, at('many'), 'nested too deeply');
  });

  it('that each name the next a thousand times cost no more than one', async () => {
    const all = await run('sbom', '-o', 'json', '--platform', 'all', wrap(at('fan'), 3, 1000));
    expect(expectAnswer(all).packages).toHaveLength(2);
    expect(all.peak).toBeLessThan(250);
  });

  it('that name themselves are no index of that digest', async () => {
    const folder = wrap(at('self'), 1, 1);
    const digest = `sha256:${'0'.repeat(64)}`;
    const named = { mediaType: indexType, digest, size: 10 };
    const cycle = JSON.stringify({ schemaVersion: 2, manifests: [named] });
    writeFileSync(join(folder, 'blobs/sha256', '0'.repeat(64)), cycle);
    writeFileSync(join(folder, 'index.json'), cycle);
    expectRefusal(await run('scan', folder), 4, digest);
    expectRefusal(await run('scan', '--no-verify', folder), 4, digest);
    expectRefusal(await run('scan', '--platform', 'all', folder), 4, digest);
  });

  it('that are manifests too are refused', async () => {
    const folder = at('both');
    makeLayout(folder, { layers: [makeLayer(debianFiles)] });
    editManifest(folder, (manifest) => void Object.assign(manifest, { manifests: [] }));
    expectRefusal(await run('scan', folder), 4, 'an index and a manifest at once');
  });
});
