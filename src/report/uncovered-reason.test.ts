import { describe, expect, it } from 'vitest';
import { english } from '../i18n/en/index.ts';
import { brazilianPortuguese } from '../i18n/pt-BR/index.ts';
import { uncoveredReason } from './uncovered-reason.ts';

describe('why packages were not checked', () => {
  const saved = { ecosystem: 'npm', reason: 'osv could not be reached', packages: 2 };

  it('is said in the reader’s language', () => {
    const item = { ...saved, code: 'unreachable', feed: 'osv' } as const;
    expect(uncoveredReason(item, english)).toBe(saved.reason);
    expect(uncoveredReason(item, brazilianPortuguese)).toMatch(/^não .*osv/);
  });

  it('stays English where a saved result has no more than that', () => {
    expect(uncoveredReason(saved, brazilianPortuguese)).toBe(saved.reason);
  });
});
