import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/digest.ts';
import { contentUuid } from './content-uuid.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('contentUuid', () => {
  it('differs for different content', () => {
    expect(contentUuid('a')).not.toBe(contentUuid('b'));
  });

  it.skipIf(!hasPython && !process.env['CI'])("is the version 5 UUID that Python's uuid module makes", () => {
    const script = 'import sys, uuid; print(uuid.uuid5(uuid.NAMESPACE_URL, sys.argv[1]))';
    for (const content of ['', 'a', '{"bomFormat":"CycloneDX"}', 'ção']) {
      const { stdout } = spawnSync('python3', ['-c', script, `urn:${sha256(content)}`], { encoding: 'utf8' });
      expect(contentUuid(content)).toBe(stdout.trim());
    }
  });
});
