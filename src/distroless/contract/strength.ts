import type { Answer } from './model.ts';
import { wildcard } from './wildcard.ts';

/** How much a contract says about an image's behaviour. */
export interface Strength {
  /** `weak`: little more than that it starts. `fair`: contents are compared. `strong`: many, with failures among them. */
  readonly level: 'weak' | 'fair' | 'strong';
  readonly probes: number;
  /** Texts that are compared. */
  readonly fields: number;
  /** Of these, texts of which parts may be anything. */
  readonly varying: number;
  /** Probes whose content is compared: a body, an output, a message. */
  readonly contents: number;
}

const many = 5;

export function strengthOf(answers: readonly Answer[], derived: boolean): Strength {
  const texts = answers.flatMap(({ fields }) => Object.values(fields));
  const contents = answers.filter(({ fields }) => Object.entries(fields).some(isContent)).length;
  const refusals = answers.filter(({ fields }) => isRefusal(fields)).length;
  const level = derived || contents === 0 ? 'weak' : contents >= many && refusals > 0 ? 'strong' : 'fair';
  return {
    level,
    probes: answers.length,
    fields: texts.length,
    varying: texts.filter((text) => text.includes(wildcard)).length,
    contents,
  };
}

function isContent([field, text]: readonly [string, string]): boolean {
  return /^(?:body|stdout|stderr|received|message|file)\b/.test(field) && text !== '' && text !== wildcard;
}

/** What an image refuses is behaviour too. */
function isRefusal({ status, code }: Answer['fields']): boolean {
  return Number(status ?? 0) >= 400 || (code !== undefined && code !== '0');
}
