import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { type Verification, verifyImage } from '../operations/verify.ts';
import { formatColumns } from './columns.ts';
import type { Command, Invocation } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

/** `cinzel verify IMAGE --key PUB`: proves who signed an image, and tells what they attest. */
export const verify: Command = {
  arguments: ['<image>'],
  settings: ['offline', 'registry.insecure', 'registry.ca', 'timeout', 'registry.username', 'limits'],
  options: [
    { flags: '--key <FILE>', description: 'public key' },
    { flags: '--attestation <TYPE>', description: 'attestation', repeatable: true },
    ...plainOutputOptions,
  ],
  run: async (invocation) => {
    const { options, terminal, catalogue, toolbox } = invocation;
    const [image = ''] = invocation.arguments;
    const { key, attestation } = options;
    if (typeof key !== 'string') throw new CinzelError('usage.no-key', {});
    const outputs = parsePlainOutputs(options);
    const attestations = Array.isArray(attestation) ? (attestation as readonly string[]) : [];
    const result = await verifyImage(image, { key, attestations }, toolbox);
    await writePlainOutputs(outputs, { table: () => table(result, invocation), json: result }, terminal);
    const { otherAttestations } = result;
    if (otherAttestations > 0) terminal.say(catalogue.commands.verify.others(otherAttestations));
    return exitCodes.done;
  },
};

function table({ digest, attestations }: Verification, { catalogue }: Invocation): string {
  const { header, signature, attestation } = catalogue.commands.verify;
  return formatColumns(header, [
    [signature, '', digest],
    ...attestations.map((one) => [attestation, one.predicateType, one.digest]),
  ]);
}
