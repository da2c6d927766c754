import type { ImagePath } from '../../core/path.ts';
import type { Invocation, Needs } from '../model.ts';
import type { World } from '../world.ts';

/** Knows what a program does with its arguments. */
export interface Runner {
  readonly id: string;
  /** Base names of the programs, as called or as links lead to them. */
  readonly programs: RegExp;
  readonly run: (invocation: Invocation, program: ImagePath, world: World) => Needs | Promise<Needs>;
}
