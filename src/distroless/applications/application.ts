import type { RecipeDocument } from '../recipe/schema.ts';

/** An application that is built already, as a recipe names it. */
export interface Project {
  /** The folder that paths of the recipe are relative to. */
  readonly folder: string;
  /** As written, relative to the folder. */
  readonly path: string;
  /** Where it comes to lie in the image. */
  readonly to?: string;
  /** What is started, relative to the project. */
  readonly main?: string;
  /** Globs of what is left out, besides what always is. */
  readonly ignore: readonly string[];
  /** Whether the recipe says itself what is run. */
  readonly hasCommand: boolean;
}

/** What an application adds to a recipe, and what must hold in the image for it to run. */
export interface LaidApplication {
  readonly document: RecipeDocument;
  readonly checks: readonly ApplicationCheck[];
}

/** A condition that is checked in the files of the image before it is written. */
export type ApplicationCheck =
  /** A program finds every library, each with the versions of symbols that it needs. */
  | { readonly kind: 'program'; readonly path: string }
  /** The same of libraries below a folder that interpreters load; a fault is told and ends nothing. */
  | { readonly kind: 'extensions'; readonly folder: string }
  | { readonly kind: 'runtime'; readonly path: string; readonly language: Language; readonly version: string }
  | { readonly kind: 'php-modules'; readonly path: string; readonly names: readonly string[] };

/** Languages whose applications are made for one version. */
export type Language = 'python' | 'java' | 'ruby' | 'php';

/** How applications of one kind are laid into an image. */
export interface ApplicationKind {
  /** The ready recipe below it, where the recipe names none. */
  readonly base: (project: Project) => Promise<string>;
  /** Throws `usage.application` for what is no such application, or not ready to run. */
  readonly lay: (project: Project) => Promise<LaidApplication>;
}
