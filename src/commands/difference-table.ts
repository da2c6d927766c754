import type { Difference } from '../distroless/contract/model.ts';
import type { Strength } from '../distroless/contract/strength.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import type { CheckResult } from '../operations/contract.ts';
import { escapeTerminal } from '../report/escape.ts';

/** A longer text is cut. */
const longest = 120;

/** The result of a check, for people. */
export function checkTable(
  { image, recordedOn, strength, equal, differences }: CheckResult,
  catalogue: Catalogue,
): string {
  const texts = catalogue.commands.contract;
  const head = equal
    ? texts.equal(image.name, recordedOn.name, strength.probes)
    : texts.differs(image.name, recordedOn.name, new Set(differences.map(({ probe }) => probe)).size, strength.probes);
  return [escapeTerminal(head), ...differenceLines(differences, catalogue), strengthLine(strength, catalogue), ''].join(
    '\n',
  );
}

/** A line a difference, below the probe that it is of. */
export function differenceLines(differences: readonly Difference[], catalogue: Catalogue): readonly string[] {
  const { failure, nothing } = catalogue.commands.contract;
  const width = Math.max(0, ...differences.map(({ field }) => field.length));
  let probe: string | undefined;
  const lines: string[] = [];
  for (const difference of differences) {
    if (difference.probe !== probe) lines.push(`  ${difference.probe}`);
    probe = difference.probe;
    const { field, expected, actual } = difference;
    if (field === 'failure') {
      lines.push(`    ${failure(actual ?? '')}`);
      continue;
    }
    const [one, other] = differingLines(expected, actual);
    lines.push(`    ${field.padEnd(width)}  ${shown(one) ?? nothing} → ${shown(other) ?? nothing}`);
  }
  return lines.map((line) => escapeTerminal(line));
}

/** The first line in which two texts are not the same. */
function differingLines(expected: string | undefined, actual: string | undefined): readonly (string | undefined)[] {
  if (expected === undefined || actual === undefined) return [expected?.split('\n')[0], actual?.split('\n')[0]];
  const lines = expected.split('\n');
  const others = actual.split('\n');
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index < 0 ? ['', others[lines.length]] : [lines[index], others[index]];
}

function shown(text: string | undefined): string | undefined {
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** How much a contract says. */
export function strengthLine({ level, probes, fields, contents, varying }: Strength, catalogue: Catalogue): string {
  return catalogue.commands.contract.strength(level, { probes, fields, contents, varying });
}
