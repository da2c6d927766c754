import { CinzelError } from '../../core/errors.ts';
import { parseRepositories } from '../../repositories/apk/repository.ts';
import { apkDistributions } from './apk-distributions.ts';
import type { ApkChoice, RecipePart } from './model.ts';

/**
 * What a chain of recipes says of an image of Alpine or Wolfi; undefined for one of Debian. Throws
 * `usage.no-repositories`, and `usage.recipe-distributions` for a recipe that is made from a ready one, which are Debian's.
 */
export function compileApk(parts: readonly RecipePart[]): ApkChoice | undefined {
  const documents = parts.map(({ document }) => document);
  const id = documents.findLast((document) => document.distribution !== undefined)?.distribution;
  const distribution = apkDistributions.find((name) => name === id);
  const lines = documents.flatMap(({ repositories = [] }) => repositories);
  const world = documents.flatMap((document) => document.world ?? []);
  if (distribution === undefined) {
    if (lines.length === 0 && world.length === 0) return undefined;
    const allowed = apkDistributions.join(', ');
    throw new CinzelError('usage.value', { name: 'distribution', value: id ?? '', allowed });
  }
  // A ready recipe names its own.
  const named = [...new Set(documents.flatMap((document) => document.distribution ?? []))];
  if (named.length > 1) throw new CinzelError('usage.recipe-distributions', { named });
  if (lines.length === 0) throw new CinzelError('usage.no-repositories', { distribution });
  return { distribution, repositories: parseRepositories(lines), world };
}
