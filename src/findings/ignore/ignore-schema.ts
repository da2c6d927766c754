import { conditionKeys, fixStates } from './ignore-rules.ts';

const texts = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
const states = { enum: fixStates };

const conditions: Readonly<Record<(typeof conditionKeys)[number], object>> = {
  id: { description: 'Vulnerability ids, aliases count; * and ? allowed', ...texts },
  purl: { description: 'Package URLs; * and ? allowed, version and qualifiers optional', ...texts },
  path: { description: 'Globs of the paths that prove the package', ...texts },
  package: { description: 'Names of the package or its source; * and ? allowed', ...texts },
  version: { description: 'Installed versions', anyOf: [{ type: 'number' }, ...texts.anyOf] },
  type: { description: 'Package types of the purl specification: deb, npm …', ...texts },
  'fix-state': { anyOf: [states, { type: 'array', items: states }] },
};

/**
 * JSON Schema of `ignore:` in `.cinzel.yaml`. It asks for a reason where the reader only warns, because a rule without
 * one does not hold.
 */
export const ignoreRulesSchema = {
  description: 'Findings that are suppressed; every condition of a rule must hold',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      ...conditions,
      reason: { type: 'string', minLength: 1 },
      expires: {
        description: 'The last day on which the rule holds',
        type: 'string',
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      },
    },
    required: ['reason'],
    anyOf: conditionKeys.map((key) => ({ required: [key] })),
    additionalProperties: false,
  },
};
