import { describe, expect, it } from 'vitest';
import { sampleAssembly } from '../testing/sample-assembly.ts';
import { bundledConfig } from './bundle.ts';
import { readAssembly } from './metadata.ts';

describe('an assembly of .NET', () => {
  it('names native libraries and literals', () => {
    const names = readAssembly(sampleAssembly);
    expect(names?.libraries.toSorted()).toEqual(['libz.so.1', 'sqlite3']);
    expect(names?.literals).toEqual(['/etc/sample/settings.json', 'none', 'ação ☕', 'America/Sao_Paulo']);
  });

  it('is nothing else', () => {
    expect(readAssembly(Buffer.alloc(0))).toBeUndefined();
    expect(readAssembly(Buffer.from('MZ'))).toBeUndefined();
    expect(readAssembly(Buffer.from('\u007fELF'.padEnd(4096, '\0')))).toBeUndefined();
  });

  it('may break off or be broken anywhere', () => {
    for (let length = 0; length < sampleAssembly.length; length += 7) {
      readAssembly(sampleAssembly.subarray(0, length));
    }
    for (let at = 0; at < sampleAssembly.length; at++) {
      const broken = Buffer.from(sampleAssembly);
      broken[at] = 0xff;
      readAssembly(broken);
    }
  });
});

describe('an application in one file', () => {
  const signature = '8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae';
  const config = '{"runtimeOptions":{}}';

  /** A host, the place of its bundle, and a bundle of the version with an id and the settings. */
  function bundle(version: number): Buffer {
    const place = Buffer.alloc(8);
    const head = Buffer.concat([Buffer.from('\u007fELF'), place, Buffer.from(signature, 'hex')]);
    place.writeBigInt64LE(BigInt(head.length));
    const header = Buffer.alloc(13);
    header.writeUInt32LE(version);
    header.writeUInt8(4, 12);
    const places = Buffer.alloc(32);
    places.writeBigInt64LE(BigInt(head.length + 13 + 4 + 32), 16);
    places.writeBigInt64LE(BigInt(config.length), 24);
    const first = Buffer.concat([Buffer.from('\u007fELF'), place, Buffer.from(signature, 'hex')]);
    return Buffer.concat([first, header, Buffer.from('id01'), places, Buffer.from(config)]);
  }

  it('holds its settings', () => {
    expect(bundledConfig(bundle(6))).toBe(config);
    expect(bundledConfig(bundle(1))).toBe('');
  });

  it('is no host that nothing was put into, and no other program', () => {
    const empty = bundle(6);
    empty.fill(0, 4, 12);
    expect(bundledConfig(empty)).toBeUndefined();
    expect(bundledConfig(Buffer.from('\u007fELF'))).toBeUndefined();
    expect(bundledConfig(Buffer.from(signature, 'hex'))).toBeUndefined();
  });

  it('may break off anywhere, and lie about places', () => {
    const whole = bundle(6);
    for (let length = 0; length < whole.length; length++) bundledConfig(whole.subarray(0, length));
    for (let at = 4; at < whole.length; at++) {
      const broken = Buffer.from(whole);
      broken[at] = 0xff;
      bundledConfig(broken);
    }
  });
});
