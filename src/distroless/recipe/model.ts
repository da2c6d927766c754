import type { ApkRepository } from '../../repositories/apk/repository.ts';
import type { ApplicationCheck } from '../applications/application.ts';
import type { Architecture } from '../architectures.ts';
import type { Accounts } from '../base/model.ts';
import type { BaseReference } from '../base/reference.ts';
import type { FileCapabilities } from '../file-capabilities.ts';
import type { Applet } from '../healthcheck/probe-command.ts';
import type { DebianRelease } from '../releases.ts';
import type { RecipeDocument } from './schema.ts';

/** One recipe of a chain, with the folder that its paths are relative to. */
export interface RecipePart {
  readonly document: RecipeDocument;
  /** Absent for a recipe that comes with Cinzel. */
  readonly folder?: string;
  /** What must hold in the image for an application to run. */
  readonly checks?: readonly ApplicationCheck[];
}

/** A recipe with everything that it takes from others: what an image shall contain. */
export interface Recipe {
  /** For people: the ready name, or the path. */
  readonly name: string;
  readonly release: DebianRelease;
  /** The image that it is made on, where it is not made from packages alone. */
  readonly base?: BaseReference;
  /** What that image has, except what the recipe has too. */
  readonly inherited?: Accounts;
  /** Of an image of Alpine or Wolfi, which has no release of Debian's. */
  readonly apk?: ApkChoice;
  /** Names of suites, where they are not the release's own. */
  readonly suites?: readonly string[];
  readonly mirror?: string;
  /** Archives besides Debian's. */
  readonly sources: readonly FurtherSource[];
  readonly pins: readonly PackagePin[];
  /** Files of keys that sign the archive, besides Debian's own. */
  readonly keyFiles: readonly string[];
  readonly architectures: readonly Architecture[];
  /** The recipe it is made from first. */
  readonly stages: readonly Stage[];
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly osRelease?: string;
  /** By path of the image. */
  readonly capabilities: FileCapabilities;
  readonly classes: DataClasses;
  /** PEM files of further certificate authorities. */
  readonly certificateFiles: readonly string[];
  readonly ldCache: boolean;
  readonly layering: Layering;
  readonly runtime: Runtime;
  readonly checks: readonly ApplicationCheck[];
  readonly annotations: Readonly<Record<string, string>>;
  /** What it was compiled from. */
  readonly parts: readonly RecipePart[];
}

/** An archive laid out as Debian's, of somebody else. */
export interface FurtherSource {
  /** As locks call it. */
  readonly name: string;
  /** Its address, or its folder. */
  readonly mirror: string;
  readonly suites: readonly string[];
  readonly components?: readonly string[];
  /** Files of the keys that sign it. */
  readonly keyFiles: readonly string[];
}

/** A rule that prefers some versions to others (apt_preferences(5)); versions and facts of releases may be globs. */
export interface PackagePin {
  readonly packages: readonly string[];
  readonly version?: string;
  readonly release?: Readonly<
    Partial<Record<'suite' | 'codename' | 'version' | 'origin' | 'label' | 'component', string>>
  >;
  readonly priority: number;
}

/** The distribution and the repositories that packages of apk come from. */
export interface ApkChoice {
  readonly distribution: 'alpine' | 'wolfi';
  readonly repositories: readonly ApkRepository[];
  /** What is asked for besides packages by name, as apk-world(5) has it: `so:libz.so.1`, `nginx~1.26`, `!busybox`. */
  readonly world: readonly string[];
}

/** What one recipe of the chain adds. */
export interface Stage {
  /** Whether it comes with Cinzel: its files belong to the system and not to an application. */
  readonly ready: boolean;
  readonly packages: readonly PackageRequest[];
  readonly followDependencies: boolean;
  /** Names of packages that are not added although others depend on them. */
  readonly without: readonly string[];
  readonly files: readonly FileRequest[];
}

export interface PackageRequest {
  readonly name: string;
  readonly version?: string;
  readonly selection?: Selection;
}

/** The part of a package's files that is taken. */
export interface Selection {
  readonly slices?: readonly string[];
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
}

/** What is kept of data that most programs need a part of; undefined means all. */
export interface DataClasses {
  readonly timezones?: readonly string[];
  readonly locales?: readonly string[];
  readonly charsets?: readonly string[];
}

export interface Owner {
  readonly user: string;
  readonly group?: string;
}

interface Placed {
  readonly to: string;
  readonly owner?: Owner;
}

/** A file of the recipe's own. */
export type FileRequest =
  | (Placed & {
      readonly kind: 'copy';
      /** A file, folder or glob, with the folder that it is relative to. */
      readonly from: string;
      readonly folder: string;
      readonly ignore: readonly string[];
      readonly mode?: number;
      readonly umask?: number;
    })
  | (Placed & { readonly kind: 'text'; readonly text: string; readonly mode?: number })
  | (Placed & { readonly kind: 'symlink'; readonly target: string })
  | (Placed & { readonly kind: 'folder'; readonly mode?: number });

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly description: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export type Layering =
  | { readonly kind: 'google' }
  | { readonly kind: 'single' }
  /** One layer a source package up to a number of layers, the rest together; the application last. */
  | { readonly kind: 'packages'; readonly budget: number };

/** The parts of the image configuration that say how it runs (image specification, config.md). */
export interface Runtime {
  /** Absent, as the folder: what the image below says. */
  readonly user?: string;
  readonly workdir?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal?: string;
  readonly healthcheck?: Healthcheck;
  /** Commands of BusyBox that the healthcheck needs where the image has nothing else that could ask. */
  readonly applets?: readonly Applet[];
}

/** Times in nanoseconds, as the configuration has them. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly retries?: number;
}
