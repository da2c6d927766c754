import type { ApplicationKind } from './application.ts';
import { binaryApplication } from './binary.ts';
import { javaApplication } from './java.ts';
import type { ApplicationKey } from './keys.ts';
import { nodeApplication } from './node.ts';
import { phpApplication } from './php.ts';
import { pythonApplication } from './python.ts';
import { rubyApplication } from './ruby.ts';

/** The kinds of applications, by the key that recipes have for them. */
export const applicationKinds: Readonly<Record<ApplicationKey, ApplicationKind>> = {
  node: nodeApplication,
  python: pythonApplication,
  java: javaApplication,
  ruby: rubyApplication,
  php: phpApplication,
  binary: binaryApplication,
};
