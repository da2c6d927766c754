import { existsSync } from 'node:fs';
import { CinzelError } from '../core/errors.ts';
import type { RuntimeChoice } from '../operations/open-runtime.ts';
import { runtimeIds } from '../runtimes/model.ts';
import type { Invocation } from './command.ts';

const contractFile = 'cinzel.contract.yaml';
export const answersFile = 'cinzel.contract.answers.json';
const networks = ['own', 'host'] as const;
const formats = ['table', 'json'] as const;

/** Options of commands that run images. */
export const runtimeOptions = [
  { flags: '--runtime <NAME>', description: 'runtime', values: runtimeIds },
  { flags: '--network <own|host>', description: 'network', values: networks },
] as const;

/** What runs the image, and in which network. Throws `usage.value`. */
export function runtimeChoice({ runtime = 'bubblewrap', network = 'own' }: Invocation['options']): RuntimeChoice {
  const found = runtimeIds.find((id) => id === runtime);
  if (found === undefined) throw wrongValue('--runtime', runtime, runtimeIds);
  if (network !== 'own' && network !== 'host') throw wrongValue('--network', network, networks);
  return { runtime: found, hostNetwork: network === 'host' };
}

/** The contract to use; undefined for the derived one. Without an option the usual file, where there is one. */
export function contractPath({ contract }: Invocation['options']): string | undefined {
  if (typeof contract === 'string') return contract === 'default' ? undefined : contract;
  return existsSync(contractFile) ? contractFile : undefined;
}

export interface ContractOutput {
  readonly format: (typeof formats)[number];
  /** Absent means stdout. */
  readonly file?: string;
}

export const contractOutputs = [
  { flags: '-o, --output <FORMAT[=FILE]>', description: 'output', repeatable: true, values: formats },
  { flags: '--report <FORMAT[=FILE]>', description: 'report', repeatable: true, values: formats },
] as const;

/** Reads `-o` and `--report`. */
export function parseContractOutputs(options: Invocation['options']): readonly ContractOutput[] {
  const given = [options['output'], options['report']].flatMap((value) =>
    Array.isArray(value) ? (value as readonly string[]) : [],
  );
  const outputs = given.map((text): ContractOutput => {
    const [, format = text, file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (format !== 'table' && format !== 'json') throw wrongValue('--output', format, formats);
    return file === '' || file === '-' ? { format } : { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) throw new CinzelError('usage.outputs', {});
  return outputs.length === 0 ? [{ format: 'table' }] : outputs;
}

function wrongValue(name: string, value: unknown, allowed: readonly string[]): CinzelError {
  return new CinzelError('usage.value', { name, value: String(value), allowed: allowed.join(', ') });
}
