/** How libraries of a processor are told and recorded (ELF e_machine; glibc, `sysdeps/generic/ldconfig.h`). */
export interface Processor {
  /** Debian's multiarch triplet. */
  readonly triplet: string;
  readonly bits: 32 | 64;
  readonly machine: number;
  /** FLAG_ELF_LIBC6 and what the processor adds. */
  readonly flags: number;
  readonly byteOrder: 'little' | 'big';
}

/** By Debian's name of the architecture. */
export const processors: Readonly<Record<string, Processor>> = {
  amd64: { triplet: 'x86_64-linux-gnu', bits: 64, machine: 62, flags: 0x0303, byteOrder: 'little' },
  arm64: { triplet: 'aarch64-linux-gnu', bits: 64, machine: 183, flags: 0x0a03, byteOrder: 'little' },
  armhf: { triplet: 'arm-linux-gnueabihf', bits: 32, machine: 40, flags: 0x0903, byteOrder: 'little' },
  i386: { triplet: 'i386-linux-gnu', bits: 32, machine: 3, flags: 0x0003, byteOrder: 'little' },
  ppc64el: { triplet: 'powerpc64le-linux-gnu', bits: 64, machine: 21, flags: 0x0503, byteOrder: 'little' },
  s390x: { triplet: 's390x-linux-gnu', bits: 64, machine: 22, flags: 0x0403, byteOrder: 'big' },
  riscv64: { triplet: 'riscv64-linux-gnu', bits: 64, machine: 243, flags: 0x1003, byteOrder: 'little' },
};
