import type { ImagePath } from '../core/path.ts';

const codeName = /\.(?:so(?:\.[\w.]+)?|node|[cm]?js|py|rb|pl|pm|php|jar|class|wasm|sh|lua|tcl|dll|exe)$/;
const programFolder = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

/** Whether a file is code by its name or its place. */
export function isCodeName(path: ImagePath): boolean {
  return codeName.test(path) || programFolder.test(path);
}
