import { readDocument } from '../documents/read-document.ts';
import type { Contract } from './model.ts';

/** Understands the text of a contract. Throws `usage.contract` with line and column. */
export async function readContract(text: string, path: string): Promise<Contract> {
  const { contractSchema } = await import('./schema.ts');
  return readDocument(text, path, { code: 'usage.contract', schema: contractSchema });
}
