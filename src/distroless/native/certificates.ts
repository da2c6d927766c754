import { compareText } from '../../core/compare-text.ts';
import { bytesFile, type FileGroup, type LayerFile } from '../files.ts';
import { type OpenedPackage, packageGroup } from '../packages/package-files.ts';
import type { SelectedFiles } from '../selection/select-files.ts';

const folder = 'usr/share/ca-certificates/';
const copyright = 'usr/share/doc/ca-certificates/copyright';
const bundlePath = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What `update-ca-certificates` makes of the package: one file with every certificate that it trusts, in the order of
 * their paths by bytes, and then further ones. Of the package's own files there are those that the recipe keeps by path;
 * where it names none its licence alone, and modes are those of the images that ours are to equal.
 */
export function certificateGroup(
  opened: OpenedPackage,
  further: readonly Uint8Array[],
  selected: SelectedFiles | undefined,
): FileGroup {
  const certificates = opened.content.files
    .filter(({ header }) => header.type === 'file' && header.name.startsWith(folder) && header.name.endsWith('.crt'))
    .sort((a, b) => compareText(a.header.name, b.header.name));
  const bundle = Buffer.concat([...certificates.map(({ content }) => content), ...further].map(endingInNewline));
  if (selected !== undefined) {
    const { files, ...part } = selected;
    return packageGroup(opened, [...files, bytesFile(bundlePath, bundle)], part);
  }
  const licence = opened.content.files.filter(({ header }) => header.name === copyright).map(asInTheImage);
  return packageGroup(opened, [...licence, bytesFile(bundlePath, bundle, { mode: 0o555 })]);
}

function endingInNewline(content: Uint8Array): Uint8Array {
  return content.at(-1) === 10 ? content : Buffer.concat([content, Buffer.from('\n')]);
}

function asInTheImage({ header, content }: LayerFile): LayerFile {
  return { header: { ...header, mode: 0o555 }, content };
}
