import { baseName, type ImagePath } from '../core/path.ts';

/** Libraries that others open only on request: of the user's desktop, or for mounting what is encrypted or signed. */
const seldom: readonly { readonly by: RegExp; readonly name: RegExp }[] = [
  // Java asks the desktop for its proxies with -Djava.net.useSystemProxies=true only, and goes on without it.
  { by: /^libnet\.so$/, name: /^lib(?:gio|gconf)-2/ },
  // libmount: mount options verity.*
  { by: /^libmount\.so/, name: /^libcryptsetup\.so/ },
];

/** Whether a name in the data of a library is that of one that programs in images have no use for. */
export function isSeldomOpened(name: string, by: ImagePath): boolean {
  return seldom.some((one) => one.by.test(baseName(by)) && one.name.test(name));
}
