import type { RecipeDocument } from '../recipe/schema.ts';
import type { DebianRelease } from '../releases.ts';

/** The C library, for programs that are linked with nothing else. */
export function baseNosslRecipe(): RecipeDocument {
  return { from: 'static', dependencies: 'listed', packages: ['libc6'] };
}

/** The C library and OpenSSL. */
export function baseRecipe({ version }: DebianRelease): RecipeDocument {
  const packages = version === '12' ? ['libc6', 'libssl3'] : ['libc6', 'libssl3t64', 'libzstd1', 'zlib1g'];
  return { from: 'static', dependencies: 'listed', packages };
}

/** What programs compiled by GCC need besides: C++, OpenMP and the compiler's own library. */
export function ccRecipe({ version }: DebianRelease): RecipeDocument {
  const compiler = version === '12' ? 'gcc-12-base' : 'gcc-14-base';
  return { from: 'base', dependencies: 'listed', packages: ['libgomp1', 'libstdc++6', 'libgcc-s1', compiler] };
}
