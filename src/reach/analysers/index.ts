import type { Analyser } from '../world.ts';
import { elf } from './elf.ts';
import { nginx } from './nginx.ts';
import { node } from './node.ts';
import { python } from './python.ts';
import { shebang } from './shebang.ts';

/** Every analyser; each is asked about each reached file. */
export const analysers: readonly Analyser[] = [elf, shebang, node, python, nginx];
