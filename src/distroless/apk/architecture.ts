import type { Architecture } from '../architectures.ts';

/** Processors as apk names them (apk-tools, apk_arch.h). */
const names: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  arm: 'armv7',
  '386': 'x86',
};

export function apkArchitecture({ name }: Architecture): string {
  return names[name] ?? name;
}
