import type { ApplicationFault } from './application-fault.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Problem } from './problems.ts';
import type { Subject } from './subjects.ts';

/**
 * Every fault that ends a run, with the parameters that its sentence needs. The text is made when it is rendered
 * (`i18n/`), so each code here needs an entry in every message catalogue; the compiler checks it.
 *
 * The first word of a code is its domain; the domain decides the exit code unless `exceptions` says otherwise.
 */
export interface ErrorParameters {
  /** What the reader of the command line said, in the user's language. */
  'usage.invalid': { readonly sentence: string };
  /** A slimmed image that goes nowhere, without asking for the plan alone. */
  'usage.no-slim-destination': Record<never, never>;
  /** A runtime that cannot tell what a run opens. */
  'usage.untraced': { readonly runtime: string };
  /** A program of this machine that was to run beside the image in an engine. */
  'usage.host-program': { readonly engine: string; readonly program: string };
  'usage.written-paths': Record<never, never>;
  'usage.profile-file': { readonly kind: string };
  'usage.same-repositories': { readonly ending: string };
  'usage.outputs': Record<never, never>;
  /** Several results for stdout in a format of which a file holds one. */
  'usage.one-result': { readonly format: string };
  'usage.no-destination': Record<never, never>;
  /** Flags that leave nothing of each other. */
  'usage.together': { readonly one: string; readonly other: string };
  /** A destination that holds one image was to hold several. */
  'usage.one-image': { readonly leave: string };
  'usage.compression': Record<never, never>;
  'usage.no-recipe': { readonly name: string; readonly near?: string; readonly ready: string };
  'usage.recipe-circle': { readonly files: readonly string[] };
  'usage.recipe-distributions': { readonly named: readonly string[] };
  'usage.recipe-account': { readonly kind: 'user' | 'group'; readonly name: string };
  'usage.outside-recipe': { readonly path: string };
  /** Why a recipe cannot be written for an image; the name of what stands in the way. */
  'usage.slim-recipe': {
    readonly problem: 'distribution' | 'architecture' | 'name' | 'there' | 'nothing';
    readonly name: string;
  };
  'usage.capabilities': { readonly path: string };
  'usage.not-copied': { readonly path: string };
  'usage.no-repositories': { readonly distribution: string };
  'usage.certificates': Record<never, never>;
  'usage.base-image': { readonly image: string; readonly problem: Problem };
  'usage.reference': { readonly reference: string; readonly problem: Problem };
  'usage.platform': { readonly wanted: string; readonly available: string };
  'usage.choice': { readonly reference: string; readonly available: string };
  'usage.configuration': { readonly path: string; readonly problem: Problem };
  'usage.value': { readonly name: string; readonly value: string; readonly allowed: string };
  'usage.entrypoint': Record<never, never>;
  'usage.key': { readonly path: string; readonly problem: KeyProblem };
  /** A destination without manifests cannot hold a signature. */
  'usage.sign': { readonly destination: string };
  'usage.no-key': Record<never, never>;
  'usage.destination': { readonly path: string; readonly problem: Problem };
  'usage.base': { readonly image: string; readonly base: string };
  'usage.no-base': { readonly image: string; readonly setting: string; readonly stated: string };
  /** Two packages that bring one path, or a file below what is no folder. */
  'usage.conflict': { readonly path: string; readonly one: string; readonly other: string };
  'usage.recipe': {
    readonly path: string;
    /** Both from 1. */
    readonly line: number;
    readonly column: number;
    readonly fault: RecipeProblem;
  };
  'usage.contract': ErrorParameters['usage.recipe'];
  /** A contract that the user wrote, and that the image it is recorded on does not keep. */
  'usage.contract-fails': { readonly probe: string; readonly problem: string };
  /** Answers that were recorded with another contract. */
  'usage.other-contract': { readonly answers: string };
  'usage.unsatisfiable': { readonly steps: readonly UnmetStep[] };
  /** A release that is not made for an architecture. */
  'usage.architecture': { readonly release: string; readonly architecture: string; readonly available: string };
  'usage.unsolved': { readonly wanted: string };
  'usage.application': { readonly fault: ApplicationFault };
  'usage.end-of-life': { readonly release: string };
  'environment.not-found': {
    readonly what: Subject;
    /** What there is instead. */
    readonly available?: string;
  };
  'environment.permission': { readonly path: string };
  'environment.read': { readonly path: string; readonly problem: Problem };
  'environment.write': { readonly path: string; readonly problem: Problem };
  'environment.disk-full': { readonly path: string };
  'environment.missing-tool': {
    readonly tool: string;
    /** The command that installs it, if one is known. */
    readonly install?: string;
  };
  /** No sandbox can be made on this machine. */
  'environment.sandbox': { readonly problem: string };
  /** The image needs more than the sandbox can give: users that it has not. */
  'environment.sandbox-image': { readonly problem: string };
  /** An image of another processor than this machine's. */
  'environment.platform': { readonly image: string; readonly machine: string };
  'environment.runtime': { readonly runtime: string; readonly problem: string };
  'environment.network': {
    readonly url: string;
    readonly problem: Problem;
    /** The proxy that the request went through. */
    readonly proxy?: string;
  };
  'environment.http': {
    readonly url: string;
    readonly status: number;
    /** Seconds after which the server wants to be asked again. */
    readonly retryAfter?: number;
  };
  'environment.unauthorized': { readonly host: string };
  'environment.offline': { readonly what: Subject };
  'environment.no-store': { readonly path: string };
  'environment.locked': { readonly path: string };
  'environment.engine': { readonly engine: string; readonly problem: Problem };
  'untrusted.not-an-image': { readonly path: string };
  'untrusted.empty': { readonly path: Subject };
  'untrusted.truncated': { readonly what: Subject };
  'untrusted.store': { readonly path: string; readonly problem: Problem };
  'untrusted.malformed': { readonly what: Subject; readonly problem: Problem };
  'untrusted.digest': { readonly what: Subject; readonly expected: string; readonly actual: string };
  'untrusted.size': { readonly what: Subject; readonly expected: number; readonly actual: number };
  'untrusted.signature': { readonly what: Subject; readonly problem: Problem };
  'untrusted.image-signature': { readonly image: string; readonly reason: SignatureProblem };
  'untrusted.expired': { readonly what: Subject; readonly date: string };
  'untrusted.rolled-back': { readonly what: Subject; readonly date: string; readonly newest: string };
  'untrusted.limit': { readonly limit: string; readonly value: number; readonly what: Subject };
  'untrusted.unsupported': { readonly what: Subject };
  'untrusted.partial': { readonly count: number };
  'environment.no-suite': { readonly suite: string };
  /** Images do not tell where the archives are that they were built from. */
  'environment.unknown-archive': { readonly archive: string };
  /** A package that the mirror had and has no more. */
  'environment.superseded': { readonly package: string; readonly snapshot: string };
  'difference.lock': { readonly path: string; readonly changes: readonly string[] };
  'interrupted.signal': Record<never, never>;
}

/**
 * One of the rules that together leave no set of packages to choose, from the request on. Needs are as control files
 * have them; without `who` and `neededBy` the request is meant.
 */
export type UnmetStep =
  | {
      readonly kind: 'needs';
      readonly who?: string;
      readonly what: string;
      /** There when nothing fits: what there is of the name, as `name version`. */
      readonly available?: readonly string[];
    }
  | {
      readonly kind: 'conflicts';
      readonly who: string;
      readonly what: string;
      readonly other: string;
      readonly neededBy?: string;
    }
  | { readonly kind: 'versions'; readonly name: string; readonly versions: readonly [string, string] };

/** What is wrong with a file that shall hold a key. */
export type KeyProblem = 'no-private-key' | 'no-public-key' | 'no-password' | 'password' | 'kind';

/** Why an image is not proved to be a key holder's. */
export type SignatureProblem =
  | { readonly kind: 'none' }
  | { readonly kind: 'other-key'; readonly count: number }
  /** It is signed by the key and speaks of something else. */
  | { readonly kind: 'other-image'; readonly digest: string }
  | { readonly kind: 'no-attestation'; readonly type: string }
  | { readonly kind: 'attestations-of-other-key'; readonly count: number }
  | { readonly kind: 'attestation-of-other-image'; readonly type: string };

/** What is wrong with a recipe. */
export type RecipeProblem =
  | { readonly kind: 'syntax'; readonly problem: Problem }
  | { readonly kind: 'unknown-key'; readonly key: string; readonly near?: string }
  /** `expected`: values, a kind of value, or what it must be. */
  | { readonly kind: 'value'; readonly key: string; readonly expected: string };

export type ErrorCode = keyof ErrorParameters;

const domainExits: Readonly<Record<string, ExitCode>> = {
  usage: exitCodes.usage,
  environment: exitCodes.environment,
  untrusted: exitCodes.untrusted,
  difference: exitCodes.gateFailed,
  interrupted: exitCodes.interrupted,
};

/** A fault with a code, the parameters of its sentence, and the error that caused it if there is one. */
export class CinzelError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'CinzelError';
  readonly code: Code;
  readonly parameters: ErrorParameters[Code];

  constructor(code: Code, parameters: ErrorParameters[Code], options: { readonly cause?: unknown } = {}) {
    super(`${code} ${JSON.stringify(parameters)}`, options);
    this.code = code;
    this.parameters = parameters;
  }

  get exitCode(): ExitCode {
    return domainExits[this.code.slice(0, this.code.indexOf('.'))] ?? exitCodes.bug;
  }
}

/** What is told of an error, without the error. */
export type Fault = {
  readonly [Code in ErrorCode]: { readonly code: Code; readonly parameters: ErrorParameters[Code] };
}[ErrorCode];

export function asFault({ code, parameters }: CinzelError): Fault {
  return { code, parameters } as Fault;
}

/**
 * A fault of bytes with the name that the user knows them by: what a reader of gzip or tar finds wrong is wrong with
 * the layer or file that it was given. Anything else is given back as it is.
 */
export function faultOf(what: Subject, error: unknown): unknown {
  if (isCinzelError(error, 'untrusted.truncated')) return new CinzelError(error.code, { what }, { cause: error });
  if (!isCinzelError(error, 'untrusted.malformed')) return error;
  return new CinzelError(error.code, { ...error.parameters, what }, { cause: error });
}

/** Whether the value is a fault of ours with one of the codes (any code when none is named). */
export function isCinzelError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is CinzelError<Code> {
  return error instanceof CinzelError && (codes.length === 0 || codes.includes(error.code as Code));
}
