import { CinzelError } from '../../core/errors.ts';
import type { ApplicationKind, Project } from '../applications/application.ts';
import { type ApplicationKey, applicationKeys } from '../applications/keys.ts';
import type { RecipePart } from './model.ts';
import type { RecipeDocument } from './schema.ts';

interface NamedApplication {
  readonly kind: ApplicationKind;
  readonly project: Project;
}

/** What the application of a recipe adds below what the recipe says itself. */
export async function layApplication(document: RecipeDocument, folder: string): Promise<readonly RecipePart[]> {
  const named = await applicationOf(document, folder);
  if (named === undefined) return [];
  const laid = await named.kind.lay(named.project);
  return [{ document: laid.document, folder, checks: laid.checks }];
}

/** The ready recipe that suits the application of a recipe; undefined for a recipe without one. */
export async function applicationBase(document: RecipeDocument, folder: string): Promise<string | undefined> {
  const named = await applicationOf(document, folder);
  return named?.kind.base(named.project);
}

async function applicationOf(document: RecipeDocument, folder: string): Promise<NamedApplication | undefined> {
  const [key, ...others] = namedKeys(document);
  if (others[0] !== undefined && key !== undefined)
    throw new CinzelError('usage.together', { one: key, other: others[0] });
  const written = key === undefined ? undefined : document[key];
  if (key === undefined || written === undefined) return undefined;
  const { applicationKinds } = await import('../applications/index.ts');
  const { path, to, main, ignore = [] } = typeof written === 'string' ? { path: written } : written;
  const hasCommand = document.cmd !== undefined || document.entrypoint !== undefined;
  const project = { folder, path, ignore, hasCommand };
  return {
    kind: applicationKinds[key],
    project: { ...project, ...(to === undefined ? {} : { to }), ...(main === undefined ? {} : { main }) },
  };
}

function namedKeys(document: RecipeDocument): readonly ApplicationKey[] {
  return applicationKeys.filter((key) => document[key] !== undefined);
}
