import { CinzelError, isCinzelError } from '../core/errors.ts';
import { type EngineName, engineAddress } from '../image/engines/socket.ts';
import type { Image, Platform, Reference, RegistryName } from '../image/model.ts';
import { openLocalImage, recognisePath } from '../image/open.ts';
import { parsePlatform } from '../image/platform.ts';
import { formatRegistryName, parseReference, parseRegistryName } from '../image/reference.ts';
import type { Toolbox } from './toolbox.ts';

/** What a reference turned out to name. */
export type Opened =
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'sbom'; readonly path: string };

export interface OpenOptions {
  /** Undefined leaves the choice to the image. */
  readonly platform?: Platform | undefined;
  /** Whether the setting `from` is about another reference, so that what this text names is guessed. */
  readonly guess?: boolean;
  /** The registry that the user name and password of the settings are for; whichever is asked when absent. */
  readonly loginFor?: string;
}

/**
 * Opens what the text names: a reference with its kind in front; else a path, recognised by its content; else a name,
 * asked of the engines that run here and then of its registry.
 */
export async function openReference(text: string, toolbox: Toolbox, options: OpenOptions): Promise<Opened> {
  const from = options.guess === true ? undefined : toolbox.configuration.get('from');
  const reference = await understand(text, toolbox, from);
  if (reference?.kind === 'sbom') return { kind: 'sbom', path: reference.path };
  const opener = new Opener(text, toolbox, options);
  return { kind: 'image', image: await (reference === undefined ? opener.byName(text) : opener.known(reference)) };
}

/** The platform that was asked for; undefined leaves the choice to the image. */
export function wantedPlatform({ configuration }: Toolbox): Platform | undefined {
  const text = configuration.get('platform');
  return text === undefined || text === 'all' ? undefined : parsePlatform(text);
}

/** The reference, or undefined when the text is a bare name. */
export async function understand(
  text: string,
  { configuration, context }: Toolbox,
  forced: string | undefined = configuration.get('from'),
): Promise<Reference | undefined> {
  const parsed = parseReference(forced === undefined || text.startsWith(`${forced}:`) ? text : `${forced}:${text}`);
  if (parsed.kind !== 'bare') return parsed;
  return recognisePath(parsed.text, context);
}

class Opener {
  readonly #typed: string;
  readonly #toolbox: Toolbox;
  readonly #platform: { readonly platform?: Platform };
  readonly #loginFor: string | undefined;

  constructor(typed: string, toolbox: Toolbox, { platform, loginFor }: OpenOptions) {
    this.#typed = typed;
    this.#toolbox = toolbox;
    this.#loginFor = loginFor;
    this.#platform = platform === undefined ? {} : { platform };
  }

  async known(reference: Exclude<Reference, { readonly kind: 'sbom' }>): Promise<Image> {
    const { context } = this.#toolbox;
    switch (reference.kind) {
      case 'docker-archive':
      case 'oci':
      case 'oci-archive':
      case 'dir':
        return openLocalImage(reference, { typed: this.#typed, context, ...this.#platform });
      case 'registry':
        return this.#fromRegistry(reference.name);
      case 'docker':
      case 'podman':
        return found(await this.#fromEngine(reference.kind, reference.name), reference.kind, reference.name);
      case 'containerd':
        return found(await this.#fromContainerd(reference.name), reference.kind, reference.name);
    }
  }

  /** Asks the engines that run here, then the registry. */
  async byName(text: string): Promise<Image> {
    if (looksLikeFile(text)) throw new CinzelError('environment.not-found', { what: text });
    const name = parseRegistryName(text);
    for (const engine of ['docker', 'podman'] as const) {
      if (this.#address(engine) === undefined) continue;
      const image = await this.#fromEngine(engine, text).catch(ignoreUnusableEngine);
      if (image !== undefined) return image;
    }
    return this.#fromRegistry(name);
  }

  async #fromEngine(engine: EngineName, name: string): Promise<Image | undefined> {
    const address = this.#address(engine);
    if (address === undefined) throw new CinzelError('environment.engine', { engine, problem: 'no-socket' });
    const { openEngineImage } = await import('../image/engines/engine-image.ts');
    const http = await this.#toolbox.http();
    const { documentBytes } = this.#toolbox.context.limits;
    return openEngineImage(name, { http, engine, address, typed: this.#typed, documentBytes, ...this.#platform });
  }

  #address(engine: EngineName): ReturnType<typeof engineAddress> {
    const { environment, configuration } = this.#toolbox;
    const host = engine === 'docker' ? configuration.get('docker.host') : undefined;
    return engineAddress(engine, { environment, ...(host === undefined ? {} : { host }) });
  }

  async #fromContainerd(name: string): Promise<Image | undefined> {
    const { openContainerdImage } = await import('../image/engines/containerd.ts');
    const { environment, context } = this.#toolbox;
    const { documentBytes } = context.limits;
    return openContainerdImage(name, {
      typed: this.#typed,
      environment,
      signal: context.signal,
      documentBytes,
      ...this.#platform,
    });
  }

  async #fromRegistry(name: RegistryName): Promise<Image> {
    if (this.#toolbox.configuration.get('offline')) {
      throw new CinzelError('environment.offline', { what: formatRegistryName(name) });
    }
    const { openRegistry } = await import('./open-registry.ts');
    const withLogin = this.#loginFor === undefined || this.#loginFor === name.registry;
    return openRegistry(name, { typed: this.#typed, withLogin, ...this.#platform }, this.#toolbox);
  }
}

/** Whoever mistypes a file's name is not served by what some registry answers to it; `registry:` names such images. */
function looksLikeFile(text: string): boolean {
  return /^[./~]|\.(?:tar|tgz|json|tar\.(?:gz|zst))$/.test(text);
}

function found(image: Image | undefined, engine: string, name: string): Image {
  if (image !== undefined) return image;
  throw new CinzelError('environment.not-found', { what: `${engine}:${name}` });
}

/** A name may still be in a registry when an engine that happens to be installed cannot be asked. */
function ignoreUnusableEngine(error: unknown): undefined {
  if (isCinzelError(error, 'environment.engine', 'environment.permission')) return undefined;
  throw error;
}
