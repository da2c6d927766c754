export type { Configuration, ConfigurationSources } from './configuration/configuration.ts';
export { resolveConfiguration } from './configuration/configuration.ts';
export { CinzelError } from './core/errors.ts';
export type { Finding, Severity } from './findings/model.ts';
export { loadCatalogue } from './i18n/load.ts';
export { renderDiagnostic, renderError } from './i18n/render.ts';
export type { Inventory, Package } from './inventory/model.ts';
export type { BuildOptions, BuildResult, LockUse } from './operations/build.ts';
export type { CheckOptions, CheckResult as BuildCheckResult } from './operations/check-build.ts';
export type { CheckRequest, CheckResult, RecordRequest, RecordResult } from './operations/contract.ts';
export type { CopyOptions, CopyResult } from './operations/copy.ts';
export { openAdvisoryStore } from './operations/open-store.ts';
export type { SlimOptions } from './operations/slim-options.ts';
export type { SlimReport } from './operations/slim-report.ts';
export { createToolbox, type Toolbox, type ToolboxParts } from './operations/toolbox.ts';
export type { Verification, VerifyOptions } from './operations/verify.ts';
export type { Why } from './operations/why.ts';
export { type FormatId, formatIds, reportFormats } from './report/formats/index.ts';
export type { ScanResult } from './report/model.ts';
export { version } from './version.ts';

/** An operation that is loaded when it is first called. */
function lazily<Parameters extends readonly unknown[], Result>(
  load: () => Promise<(...parameters: Parameters) => Promise<Result>>,
): (...parameters: Parameters) => Promise<Result> {
  return async (...parameters) => (await load())(...parameters);
}

/** Tells what is in an image, or in an SBOM, and which known vulnerabilities that has. */
export const scan = lazily(async () => (await import('./operations/scan.ts')).scan);
/** Tells what is in an image, or in an SBOM. */
export const takeSbom = lazily(async () => (await import('./operations/scan.ts')).takeSbom);
/** Tells why an image's entrypoint needs a path, a package or what a vulnerability is in. */
export const why = lazily(async () => (await import('./operations/why.ts')).why);
/** Cuts an image to what its application reaches. */
export const slim = lazily(async () => (await import('./operations/slim.ts')).slim);
/** Runs an image and records what it answers to the probes of a contract. */
export const recordAnswers = lazily(async () => (await import('./operations/contract.ts')).recordAnswers);
/** Runs an image and compares its answers with recorded ones. */
export const checkAnswers = lazily(async () => (await import('./operations/contract.ts')).checkAnswers);
/** Reads a recipe: a file, or a ready one by its name. */
export const loadRecipe = lazily(async () => (await import('./operations/load-recipe.ts')).loadRecipe);
/** Resolves the packages of a recipe. */
export const lockRecipe = lazily(async () => (await import('./operations/lock-recipe.ts')).lockRecipe);
/** Makes an image from a recipe. */
export const build = lazily(async () => (await import('./operations/build.ts')).build);
/** Builds an image again from the lock inside it, and tells what differs. */
export const checkBuild = lazily(async () => (await import('./operations/check-build.ts')).checkBuild);
/** Makes an image of unpacked Debian packages, a layer for each list of them, as a Dockerfile would. */
export const layPackages = lazily(async () => (await import('./operations/lay-packages.ts')).layPackages);
/** Proves who signed an image, and tells what they attest about it. */
export const verifyImage = lazily(async () => (await import('./operations/verify.ts')).verifyImage);
/** Copies an image between registries, engines, archives and layouts. */
export const copy = lazily(async () => (await import('./operations/copy.ts')).copy);
