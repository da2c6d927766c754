import type { PreparedImage } from '../../runtimes/model.ts';
import type { Recording } from './model.ts';
import { type Playing, playContract } from './play.ts';
import { type OpenService, prepareServices } from './services.ts';

/** Plays the probes of a recording on another image. */
export async function playRecording(
  { contract, answers }: Pick<Recording, 'contract' | 'answers'>,
  image: PreparedImage,
  options: { readonly openService: OpenService; readonly trace: boolean; readonly signal: AbortSignal },
): Promise<Playing> {
  const { openService, trace, signal } = options;
  const services = await prepareServices(contract, openService);
  try {
    return await playContract(contract, image, { services, recorded: answers, trace, signal });
  } finally {
    await Promise.all(services.map((service) => service.image.remove()));
  }
}
