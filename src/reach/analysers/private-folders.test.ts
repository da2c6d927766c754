import { describe, expect, it } from 'vitest';
import { makeElf } from '../../formats/elf/testing/make-elf.ts';
import { reachedFiles, reachOf } from '../testing/reach-of.ts';

const interpreter = '/lib/ld.so';

function elf(texts: readonly string[], isProgram = true) {
  return { mode: 0o755, content: makeElf({ texts, ...(isProgram ? { interpreter } : {}) }) };
}

describe('folders whose names a program has built in', () => {
  it('are kept whole when they are of its own data, also below a prefix that it finds out itself', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/usr/bin/tool'] },
      files: {
        '/usr/bin/tool': elf(['/etc/Tool-6', 'share/tool/templates', '/usr/share/locale', '/etc/ssl']),
        '/etc/Tool-6/policy.xml': '',
        '/usr/share/tool/templates/hooks/sample': '',
        '/usr/share/locale/pt/tool.mo': '',
        '/etc/ssl/other': '',
      },
    });
    expect(reachedFiles(graph)).toEqual([
      '/etc/Tool-6/policy.xml',
      '/usr/bin/tool',
      '/usr/share/tool/templates/hooks/sample',
    ]);
  });

  it('are followed to the helpers of a program that are no scripts, and scripts are named', async () => {
    const files = {
      '/usr/bin/tool': elf(['/usr/lib/tool-core', '/usr/lib/python3']),
      '/usr/lib/libtool.so': elf(['/usr/lib/tool-core'], false),
      '/usr/lib/tool-core/tool-remote': elf([]),
      '/usr/lib/tool-core/tool-script': { mode: 0o755, content: '#!/bin/sh\n' },
      '/usr/lib/python3/x.py': '',
    };
    const graph = await reachOf({ config: { entrypoint: ['/usr/bin/tool'] }, files });
    expect(reachedFiles(graph)).toEqual(['/usr/bin/tool', '/usr/lib/tool-core/tool-remote']);
    expect(graph.notKept).toEqual([{ path: '/usr/bin/tool', program: '/usr/lib/tool-core/tool-script' }]);
    const library = await reachOf({ config: { entrypoint: ['/usr/lib/libtool.so'] }, files });
    expect(reachedFiles(library)).toEqual(['/usr/lib/libtool.so']);
  });
});
