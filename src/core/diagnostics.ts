import type { ApplicationFault } from './application-fault.ts';
import { compareText } from './compare-text.ts';
import type { Fault } from './errors.ts';
import type { Problem } from './problems.ts';

/**
 * Everything that may go wrong inside the input without ending the run, with the parameters of its sentence.
 * Like errors, a diagnostic carries no text: `i18n/` makes it when a report is rendered.
 */
export interface DiagnosticParameters {
  'layer.foreign': { readonly digest: string };
  'layer.entry-dropped': { readonly entry: string; readonly problem: Problem };
  'layer.unlisted-drops': { readonly listed: number };
  'layer.trailing-data': Record<never, never>;
  'layer.missing-end': Record<never, never>;
  'file.unreadable': { readonly problem: Problem };
  'file.too-large': { readonly size: number; readonly limit: number };
  'base.elsewhere': { readonly base: string };
  'base.different': { readonly base: string };
  'base.unreadable': { readonly base: string; readonly fault: Fault };
  'distribution.unknown': Record<never, never>;
  'package.malformed': { readonly cataloger: string; readonly problem: Problem };
  'package.without-version': { readonly cataloger: string; readonly name: string };
  'feed.unreachable': { readonly feed: string; readonly problem: Problem };
  'feed.malformed': { readonly feed: string; readonly record: string; readonly problem: Problem };
  'feed.uncovered': { readonly ecosystem: string };
  'store.renewed': { readonly path: string; readonly problem: Problem };
  'feed.stale': { readonly feed: string; readonly updatedAt: string };
  'archive.suite-missing': { readonly suite: string };
  'archive.expired': { readonly suite: string; readonly date: string };
  'changelog.missing': { readonly source: string; readonly version: string };
  'changelog.cut': { readonly source: string; readonly version: string; readonly oldest: string };
  'changelog.mention': {
    readonly id: string;
    readonly source: string;
    readonly version: string;
    readonly line: string;
  };
  'build.not-checked': Record<never, never>;
  /** Packages whose pinned version no source has, with the version that was taken: `libc6 2.36-9 → 2.36-10`. */
  'build.pins-unmet': { readonly packages: string };
  'build.scripts-not-run': { readonly packages: string };
  'build.extension': { readonly fault: ApplicationFault };
  'version.invalid': { readonly package: string; readonly version: string; readonly scheme: string };
  'reach.undecided': { readonly problem: 'module' | 'command' | 'language' | 'unreadable'; readonly detail: string };
  'reach.missing': { readonly what: string };
  'reach.impossible': { readonly problem: Problem };
  'ignore.unused': { readonly rule: string };
  'ignore.expired': { readonly rule: string; readonly date: string };
  'ignore.without-reason': { readonly rule: string };
  'ignore.unsupported': { readonly rule: string; readonly condition: string };
}

export type DiagnosticCode = keyof DiagnosticParameters;
export type DiagnosticSeverity = 'info' | 'warning' | 'error';

/** Something that could not be read or decided: carried in the result, never swallowed. */
export type Diagnostic = {
  readonly [Code in DiagnosticCode]: {
    readonly code: Code;
    readonly severity: DiagnosticSeverity;
    readonly parameters: DiagnosticParameters[Code];
    /** Path inside the image. */
    readonly path?: string;
    /** 0-based index into the image's layers. */
    readonly layer?: number;
  };
}[DiagnosticCode];

/** Takes a diagnostic; stages receive one and stay free of knowing where it goes. */
export type Report = (diagnostic: Diagnostic) => void;

/** Orders diagnostics by layer, path, code and parameters, so that equal runs list them equally. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.layer ?? -1) - (b.layer ?? -1) ||
    compareText(a.path ?? '', b.path ?? '') ||
    compareText(a.code, b.code) ||
    compareText(JSON.stringify(a.parameters), JSON.stringify(b.parameters))
  );
}
