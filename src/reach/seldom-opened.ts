import { baseName, type ImagePath } from '../core/path.ts';

/** Libraries that others open only on request: of the user's desktop, or for mounting what is encrypted or signed. */
const seldom: readonly { readonly by: RegExp; readonly name: RegExp }[] = [
  // Java asks the desktop for its proxies with -Djava.net.useSystemProxies=true only, and goes on without it.
  { by: /^libnet\.so$/, name: /^lib(?:gio|gconf)-2/ },
  // glibc: names of hosts outside ASCII, and names written back, for callers that pass AI_IDN, AI_CANONIDN or NI_IDN to
  // getaddrinfo(3) and getnameinfo(3); programs that do are in the rule `idn`.
  { by: /^libc(?:\.so\.6|-2\.\d+\.so)$/, name: /^libidn2?\.so/ },
  // libmount: mount options verity.*
  { by: /^libmount\.so/, name: /^libcryptsetup\.so/ },
];

/** Whether a name in the data of a library is that of one that programs in images have no use for. */
export function isSeldomOpened(name: string, by: ImagePath): boolean {
  return seldom.some((one) => one.by.test(baseName(by)) && one.name.test(name));
}
