import { countBaseLayers } from '../bases/base-layers.ts';
import { statedBase } from '../bases/stated-base.ts';
import type { Report } from '../core/diagnostics.ts';
import { asFault, CinzelError, isCinzelError } from '../core/errors.ts';
import type { Image, RegistryName } from '../image/model.ts';
import { formatRegistryName } from '../image/reference.ts';
import type { ImageBase } from '../report/model.ts';
import { openReference } from './open-image.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * Finds the base of an image and how many layers it brought: the one that `--base` names, else the one that the image
 * names itself. The latter is asked for only in the registry that the image came from: an image must not send the
 * scanner anywhere. Throws `usage.base` for a named base that is not the image's, and `usage.no-base` when one of the
 * settings in `needs` cannot do without.
 */
export async function findBase(
  image: Image,
  toolbox: Toolbox,
  { report, needs }: { readonly report: Report; readonly needs: readonly BaseSetting[] },
): Promise<ImageBase | undefined> {
  const named = toolbox.configuration.get('base');
  if (named !== undefined) return namedBase(named, image, toolbox);
  const stated = statedBase(image);
  const base = stated && (await checkStated(stated, image, toolbox, report));
  if (base === undefined) refuseWithoutBase(image.name, toolbox, needs, stated && formatRegistryName(stated));
  return base;
}

/** Settings that mean nothing unless the base is known. */
export type BaseSetting = 'base' | 'only-base' | 'ignore-base';

/** Throws `usage.no-base` when one of the settings is on, for something that has no known base. */
export function refuseWithoutBase(
  name: string,
  { configuration }: Toolbox,
  needs: readonly BaseSetting[],
  stated = 'REF',
): void {
  const setting = needs.find((key) => Boolean(configuration.get(key)));
  if (setting !== undefined) throw new CinzelError('usage.no-base', { image: name, setting: `--${setting}`, stated });
}

async function namedBase(text: string, image: Image, toolbox: Toolbox): Promise<ImageBase> {
  const base = await readBase(text, image, toolbox);
  if (base === undefined) throw new CinzelError('usage.base', { image: image.name, base: text });
  return base;
}

async function checkStated(
  stated: RegistryName,
  image: Image,
  toolbox: Toolbox,
  report: Report,
): Promise<ImageBase | undefined> {
  const name = formatRegistryName(stated);
  if (stated.registry !== image.registry) {
    report({ code: 'base.elsewhere', severity: 'info', parameters: { base: name } });
    return undefined;
  }
  try {
    const base = await readBase(`registry:${name}`, image, toolbox);
    if (base === undefined) report({ code: 'base.different', severity: 'info', parameters: { base: name } });
    return base && { ...base, name: shownName(stated) };
  } catch (error) {
    if (!isCinzelError(error) || isCinzelError(error, 'interrupted.signal')) throw error;
    report({ code: 'base.unreadable', severity: 'info', parameters: { base: name, fault: asFault(error) } });
    return undefined;
  }
}

/** A tag says enough to a reader; the digest stands beside it. */
function shownName({ digest, ...named }: RegistryName): string {
  return formatRegistryName(named.tag === undefined && digest !== undefined ? { ...named, digest } : named);
}

/** Opens the base and compares layers; undefined when the image does not begin with them. */
async function readBase(text: string, image: Image, toolbox: Toolbox): Promise<ImageBase | undefined> {
  const opened = await openReference(text, toolbox, {
    platform: image.platform,
    guess: true,
    ...(image.registry === undefined ? {} : { loginFor: image.registry }),
  });
  if (opened.kind === 'sbom') return undefined;
  const { name, digest, close } = opened.image;
  try {
    const layers = countBaseLayers(image, opened.image);
    return layers === undefined ? undefined : { name, ...(digest === undefined ? {} : { digest }), layers };
  } finally {
    await close();
  }
}
