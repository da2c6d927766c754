import type { LayerFile } from './files.ts';

interface Linked {
  /** The files as they were, lost ones too. */
  readonly all: readonly LayerFile[];
  /** Whether a path is somebody else's, or nobody's. */
  readonly isLost: (name: string) => boolean;
}

/**
 * Hard links keep what they lead to when its own path is lost, as they do where dpkg unpacks: the first of them becomes the
 * file, and the others link to that.
 */
export function keepLinked(files: readonly LayerFile[], { all, isLost }: Linked): readonly LayerFile[] {
  const heirs = new Map<string, string>();
  return files.map((file) => {
    const { type, link, name } = file.header;
    if (type !== 'hardlink' || link === undefined || !isLost(link)) return file;
    const heir = heirs.get(link);
    if (heir !== undefined) return { ...file, header: { ...file.header, link: heir } };
    const target = all.find(({ header }) => header.name === link);
    if (target === undefined) return file;
    if (!isLost(name)) heirs.set(link, name);
    return { header: { ...target.header, name }, content: target.content };
  });
}
