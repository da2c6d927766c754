import { basename, dirname, resolve } from 'node:path';
import type { Report } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import type { LayerCompression } from '../distroless/make-layers.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { parseDestination } from '../image/destination.ts';
import { parseManifest } from '../image/manifest.ts';
import { parseGivenName } from '../image/reference.ts';
import { writeImages } from '../image/writer/write-images.ts';
import { type BuiltImage, buildImage } from './build-image.ts';
import { documentBuild } from './document-build.ts';
import { lockRecipe } from './lock-recipe.ts';
import { destinationTag, openDestination, writtenName } from './open-destination.ts';
import { openSigning, proveImages } from './prove-images.ts';
import type { Toolbox } from './toolbox.ts';
import { type Bases, withBases } from './with-bases.ts';

export interface BuildOptions {
  readonly recipe: Recipe;
  /** As `-o` names it. */
  readonly destination: string;
  /** Repository and tag, or a tag; `latest` without it. */
  readonly tag?: string;
  readonly compression: LayerCompression;
  readonly lock: LockUse;
  /** Whether SBOMs and provenance are attached where the destination has a place for them; yes without it. */
  readonly documents?: boolean;
  /** File of the private key that signs the image and its documents. */
  readonly sign?: string;
}

/** How the lock is used (CONTRACT: "Commands"). */
export interface LockUse {
  /** Where it is read and written; it is kept nowhere when absent. */
  readonly file?: string;
  /** It must be there and fit; nothing is resolved. */
  readonly frozen: boolean;
  /** It is resolved anew. */
  readonly update: boolean;
  /** Takes indexes past their `Valid-Until`. */
  readonly allowExpired: boolean;
  /** Takes releases whose support has ended. */
  readonly allowEol: boolean;
  readonly report: Report;
}

export interface BuildResult {
  /** Of the manifest or index; of the configuration, the image ID, where there are no manifests. */
  readonly digest: Digest;
  readonly packages: number;
  readonly layers: number;
  readonly files: number;
  /** Uncompressed bytes of all layers, those of an image below too. */
  readonly bytes: number;
}

/** Builds an image of every architecture that the recipe names and writes it; nothing is there until all of it is. */
export function build(options: BuildOptions, toolbox: Toolbox): Promise<BuildResult> {
  return withBases(options.recipe, toolbox, (recipe, bases) => buildOn(bases, { ...options, recipe }, toolbox));
}

async function buildOn(bases: Bases, options: BuildOptions, toolbox: Toolbox): Promise<BuildResult> {
  const { recipe, compression } = options;
  const destination = parseDestination(options.destination);
  const wanted = options.tag === undefined ? {} : parseGivenName(options.tag);
  const signing = options.sign === undefined ? undefined : await openSigning(options.sign, destination, toolbox);
  const { lock } = await lockRecipe(recipe, options.lock, toolbox, bases);
  const built: BuiltImage[] = [];
  for (const architecture of recipe.architectures) {
    const base = bases.get(architecture.name);
    const { report } = options.lock;
    const given = { architecture, compression, report, ...(base === undefined ? {} : { base }) };
    built.push(await buildImage(recipe, lock, given, toolbox));
  }
  const tag = wanted.tag ?? destinationTag(destination);
  const imageName = `${wanted.name ?? repositoryOf(recipe)}:${tag}`;
  const called = writtenName(destination, { name: `${wanted.name ?? readyName(recipe)}:${tag}`, tag });
  const sink = await openDestination(destination, { imageName }, toolbox);
  try {
    const written = await writeImages(
      sink,
      built.map(({ image }) => image),
      tag,
    );
    await proveImages(sink, written, {
      name: called.name,
      documents: async (index) => {
        const [one, manifest] = [built[index], written.manifests[index]];
        if (options.documents === false || one === undefined || manifest === undefined) return [];
        const { image, architecture } = one;
        return documentBuild(
          { made: { ...called, image, manifest }, recipe, lock, architecture, compression },
          toolbox,
        );
      },
      ...(signing === undefined ? {} : { signing }),
    });
    await sink.commit();
    const digest =
      sink.holds === 'manifests'
        ? written.tagged.descriptor.digest
        : parseManifest(written.tagged.bytes, 'The manifest').config.digest;
    return { digest, ...summary(built) };
  } finally {
    await sink.close();
  }
}

/** What an engine calls an image without a name: as the ready recipe, or as the folder of the recipe. */
function repositoryOf({ name }: Recipe): string {
  const place = name.endsWith('/') ? name : dirname(resolve(name));
  const word = /[/.]/.test(name) ? basename(place) : (name.split(':')[0] ?? name);
  return word.toLowerCase().replace(/^[^a-z0-9]+|[^a-z0-9._-]+/g, '') || 'image';
}

/** A name that is the same on every machine, for what is said about the image. */
function readyName({ name }: Recipe): string {
  return /[/.]/.test(name) ? 'image' : (name.split(':')[0] ?? name);
}

function summary(built: readonly BuiltImage[]): Omit<BuildResult, 'digest'> {
  const [first] = built;
  return {
    packages: first?.packages ?? 0,
    layers: first?.image.layers.length ?? 0,
    files: first?.files ?? 0,
    bytes: first?.bytes ?? 0,
  };
}
