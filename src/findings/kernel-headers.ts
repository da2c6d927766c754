import type { Package } from '../inventory/model.ts';

/** Source packages of the Linux kernel: Debian's and Ubuntu's flavours, Alpine's, and the rpm distributions'. */
const kernelSources: readonly RegExp[] = [
  /^linux$/,
  /^linux-\d[\d.]*$/,
  /^linux-(?:signed|meta|restricted-modules|unsigned)(?:-[a-z\d.-]+)?$/,
  /^linux-(?:aws|azure|gcp|gke|gkeop|hwe|ibm|intel|kvm|lowlatency|nvidia|oem|oracle|raspi|riscv|xilinx)(?:-[a-z\d.-]+)?$/,
  /^linux-(?:lts|edge|rpi|stable|virt|vanilla)$/,
  /^kernel(?:-(?:rt|uek|default|azure|64k|debug|lt|ml))?$/,
];

/** Packages of those sources that hold a kernel image or modules. */
const images: readonly RegExp[] = [
  /^linux-(?:image|modules|signed-image|image-unsigned)(?:-|$)/,
  /-modules-/,
  /^linux-(?:lts|edge|rpi|stable|virt|vanilla)$/,
  /^kernel(?:-(?:rt|uek|default|azure|64k|debug|lt|ml))?(?:-(?:core|modules|modules-core|modules-extra|base|extra))?$/,
];

/** Whether a package comes from the kernel's source and ships neither a kernel image nor modules. */
export function isKernelWithoutImage(found: Pick<Package, 'type' | 'name' | 'source'>): boolean {
  if (found.type !== 'deb' && found.type !== 'apk' && found.type !== 'rpm') return false;
  const source = found.source?.name ?? found.name;
  return kernelSources.some((pattern) => pattern.test(source)) && !images.some((pattern) => pattern.test(found.name));
}

/** Why findings of such a package are suppressed. */
export const kernelHeadersReason =
  'The package is built from the kernel source and ships no kernel image or module; the vulnerable code is not there.';
