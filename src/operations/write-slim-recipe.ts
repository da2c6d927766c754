import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { encodeName } from '../core/path.ts';
import { writing } from '../core/write-fault.ts';
import type { LayerFile } from '../distroless/files.ts';
import type { RecipeDocument } from '../distroless/recipe/schema.ts';
import { openPendingFile } from '../image/writer/pending-file.ts';
import type { SlimImage } from './make-slim-image.ts';
import type { PlannedSlim } from './plan-slim.ts';
import type { ImageReach } from './reach.ts';
import type { RecipePlace } from './slim-options.ts';
import type { WrittenRecipe } from './slim-report.ts';
import type { SlimSubject } from './slim-subject.ts';

interface Slimmed {
  readonly subject: SlimSubject;
  readonly planned: PlannedSlim;
  readonly reach: ImageReach;
  readonly slim: SlimImage;
}

/** Throws `usage.slim-recipe` when something lies where the files of a recipe are to go. */
export async function requireFreePlace({ file }: RecipePlace): Promise<void> {
  const folder = folderOf(file);
  const found = await readdir(folder).catch((cause: NodeJS.ErrnoException) =>
    cause.code === 'ENOENT' ? [] : [cause.code],
  );
  if (found.length > 0) throw new CinzelError('usage.slim-recipe', { problem: 'there', name: folder });
}

/** Writes the recipe that makes a slimmed image from packages, and beside it the files that no package brings. */
export async function writeSlimRecipe(
  { file, note }: RecipePlace,
  { subject: { image, inventory }, planned: { plan }, reach, slim: { made, files } }: Slimmed,
): Promise<WrittenRecipe> {
  const { makeRecipe } = await import('../distroless/slim/recipe/make-recipe.ts');
  const folder = folderOf(file);
  const listed = new Set(plan.packages.flatMap(({ id, fate }) => (fate === 'dropped' ? [] : [id])));
  const { document, copied } = await makeRecipe({
    files,
    configuration: made.config,
    platform: image.platform,
    distribution: inventory.distribution,
    packages: inventory.packages.filter(({ id, type }) => type === 'deb' && listed.has(id)),
    owned: reach.files,
    filesystem: reach.filesystem,
    source: basename(folder),
  });
  const pending = await openPendingFile(file);
  try {
    const text = await recipeText(document, note);
    await writing(file, () => pending.handle.writeFile(text));
    if (copied.length > 0) await writeFolder(folder, copied);
    await pending.commit();
  } finally {
    await pending.close();
  }
  return {
    file,
    ...(copied.length === 0 ? {} : { folder }),
    packages: document.packages?.length ?? 0,
    files: copied.length,
  };
}

/** `app.yaml` has its files in `app.files`. */
function folderOf(file: string): string {
  return join(dirname(file), `${basename(file).replace(/\.ya?ml$/, '')}.files`);
}

async function recipeText(document: RecipeDocument, note: readonly string[]): Promise<string> {
  const { stringify } = await import('yaml');
  return `${note.map((line) => `# ${line}\n`).join('')}${stringify(document, { lineWidth: 120 })}`;
}

/** The folder is there whole or not at all. */
async function writeFolder(folder: string, files: readonly LayerFile[]): Promise<void> {
  const aside = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await writing(folder, async () => {
      // One after the other: nothing is written any more when what was is taken away.
      for (const file of files) await writeCopy(aside, file);
      await rename(aside, folder);
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Owners and other modes are the recipe's to say: what keeps such folders keeps neither. */
async function writeCopy(folder: string, { header, content }: LayerFile): Promise<void> {
  const { name, type, mode, link } = header;
  if (Buffer.compare(encodeName(name), Buffer.from(name)) !== 0) {
    throw new CinzelError('usage.slim-recipe', { problem: 'name', name: `/${name}` });
  }
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  if (type === 'symlink') await symlink(link ?? '', path);
  else await writeFile(path, content, { mode: (mode & 0o100) === 0 ? 0o644 : 0o755, flag: 'wx' });
}
