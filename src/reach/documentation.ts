import type { ImagePath } from '../core/path.ts';

const documentation = /^\/usr\/(?:local\/)?share\/(?:doc|doc-base|man|info|locale|lintian|bug|licenses|help|gtk-doc)\//;

/** Documentation, translations and the like: their being there says nothing about the package's code. */
export function isDocumentation(path: ImagePath): boolean {
  return documentation.test(path);
}
