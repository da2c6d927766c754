import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentJsonSchema } from '../documents/known-keys.ts';
import { readContract } from './read-contract.ts';
import { contractSchema } from './schema.ts';

it.each([
  ['probes:\n  - htpp: /\n', 2, { kind: 'unknown-key' }],
  ['probes: []\n', 1, { kind: 'value', key: 'probes' }],
  ['probes: [{http: /}]\nready: {tpc: 80}\n', 2, { kind: 'unknown-key', key: 'tpc', near: 'tcp' }],
  ['probes:\n  - http: /\n    mask: ["("]\n', 3, { kind: 'value' }],
])('tells where %j is wrong', async (text, line, fault) => {
  await expect(readContract(text, 'c.yaml')).rejects.toMatchObject({
    code: 'usage.contract',
    parameters: { path: 'c.yaml', line, fault },
  });
});

it('publishes the schema that it reads with', () => {
  const file = new URL('../../../schemas/contract.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(documentJsonSchema(contractSchema))),
  );
});
