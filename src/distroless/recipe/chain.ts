import { dirname, resolve } from 'node:path';
import { nearest } from '../../configuration/nearest.ts';
import { CinzelError } from '../../core/errors.ts';
import { isImageReference } from '../base/reference.ts';
import { readyNames } from '../recipes/index.ts';
import { readyParts } from '../recipes/load-ready.ts';
import { parseReadyName, type ReadyReference } from '../recipes/ready-name.ts';
import { type DebianRelease, findRelease, newestRelease } from '../releases.ts';
import { applicationBase, layApplication } from './lay-applications.ts';
import type { RecipePart } from './model.ts';
import { readRecipe } from './read.ts';

/** Reads a file of a recipe. */
export type ReadText = (path: string) => Promise<string>;

/** A recipe file, or a ready recipe, before its release is known. */
type Link =
  | { readonly kind: 'ready'; readonly reference: ReadyReference }
  | { readonly kind: 'file'; readonly part: RecipePart };

/** Recipes that are made from recipes: deeper than this is a mistake. */
const depthLimit = 16;

/**
 * Finds a recipe, by the name of a ready one or by path, with all that it is made from and includes, the first first.
 * Throws `usage.recipe`, `usage.invalid` for a name that does not exist and for a circle, and what reading throws.
 */
export async function recipeChain(text: string, readText: ReadText): Promise<readonly RecipePart[]> {
  const links = await linksOf(text, process.cwd(), { readText, path: [] });
  checkBases(links);
  const release = releaseOf(links);
  return links.flatMap((link) => (link.kind === 'ready' ? readyParts(link.reference, release) : [link.part]));
}

interface Search {
  readonly readText: ReadText;
  /** The files that led here. */
  readonly path: readonly string[];
}

async function linksOf(text: string, folder: string, search: Search): Promise<readonly Link[]> {
  const reference = isPath(text) ? undefined : parseReadyName(text);
  if (reference !== undefined) return [{ kind: 'ready', reference }];
  if (!isPath(text)) throw noRecipe(text);
  return fileLinks(resolve(folder, text), search);
}

/** A path has a slash or the ending of YAML; the names of ready recipes have neither. */
function isPath(text: string): boolean {
  return text.includes('/') || /\.ya?ml$/.test(text);
}

async function fileLinks(file: string, { readText, path }: Search): Promise<readonly Link[]> {
  if (path.includes(file) || path.length >= depthLimit) {
    throw new CinzelError('usage.recipe-circle', { files: [...path, file] });
  }
  const document = await readRecipe(await readText(file), file);
  const search = { readText, path: [...path, file] };
  const folder = dirname(file);
  const { from = await applicationBase(document, folder), include = [] } = document;
  const isRecipe = from !== undefined && !isImageReference(from);
  const links = isRecipe ? [...(await linksOf(from, folder, search))] : [];
  for (const other of include) links.push(...(await fileLinks(resolve(folder, other), search)));
  const laid = (await layApplication(document, folder)).map((part): Link => ({ kind: 'file', part }));
  return [...links, ...laid, { kind: 'file', part: { document, folder } }];
}

function noRecipe(text: string): CinzelError {
  const near = nearest(text, readyNames);
  const ready = readyNames.join(', ');
  return new CinzelError('usage.no-recipe', { name: text, ready, ...(near === undefined ? {} : { near }) });
}

/** An image lies below all else, so there is one at most, and then no ready recipe. */
function checkBases(links: readonly Link[]): void {
  const below = links.flatMap((link): readonly string[] => {
    if (link.kind === 'ready') return [link.reference.name];
    const { from } = link.part.document;
    return from !== undefined && isImageReference(from) ? [from] : [];
  });
  const image = below.find(isImageReference);
  if (image === undefined || below.length < 2) return;
  const others = below.filter((one) => one !== image).join(', ');
  throw new CinzelError('usage.base-image', {
    image,
    problem: others === '' ? 'base-twice' : { kind: 'second-base', others },
  });
}

/** The release that the chain names, the same wherever it does; the newest when it names none. */
function releaseOf(links: readonly Link[]): DebianRelease {
  const named = links.flatMap((link) => {
    const id = link.kind === 'ready' ? link.reference.release : link.part.document.distribution;
    return id === undefined ? [] : [id];
  });
  const [first, ...others] = [...new Set(named)];
  if (others.length > 0) {
    throw new CinzelError('usage.recipe-distributions', { named });
  }
  return (first === undefined ? undefined : findRelease(first)) ?? newestRelease;
}
