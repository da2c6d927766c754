import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../core/diagnostics.ts';
import { loadCatalogue } from '../i18n/load.ts';
import { gapTexts } from './gaps.ts';
import { sampleResult } from './testing/sample-result.ts';

async function texts(diagnostics: readonly Diagnostic[], language: 'en' | 'pt-BR' = 'en'): Promise<readonly string[]> {
  const covered = { ...sampleResult, advisories: { feeds: sampleResult.advisories?.feeds ?? [], uncovered: [] } };
  return gapTexts({ ...covered, diagnostics }, await loadCatalogue(language));
}

const withoutReason: Diagnostic = {
  code: 'ignore.without-reason',
  severity: 'warning',
  parameters: { rule: '.cinzel.yaml: ignore[0]' },
};

function dropped(path: string): Diagnostic {
  return {
    code: 'package.malformed',
    severity: 'warning',
    parameters: { cataloger: 'npm', problem: 'nameless' },
    path,
  };
}

const unused: Diagnostic = { code: 'ignore.unused', severity: 'info', parameters: { rule: 'x' } };

describe('what a result does not speak for', () => {
  it('tells in words which rule was not applied', async () => {
    expect(await texts([withoutReason])).toEqual([
      'The ignore rule .cinzel.yaml: ignore[0] gives no reason and was not applied.',
    ]);
    expect(await texts([withoutReason], 'pt-BR')).toEqual([
      'A regra de exceção .cinzel.yaml: ignore[0] não dá um motivo e não foi aplicada.',
    ]);
  });

  it('names the places of the first of a kind, and counts the rest', async () => {
    const many = ['/a', '/b', '/c', '/d', '/e'].map(dropped);
    expect(await texts([...many, withoutReason, unused])).toEqual([
      '/a: A record for npm could not be understood: it has no name.',
      '/b: A record for npm could not be understood: it has no name.',
      '/c: A record for npm could not be understood: it has no name.',
      'The ignore rule .cinzel.yaml: ignore[0] gives no reason and was not applied.',
      'besides, 3 diagnostics: -o json lists them',
    ]);
  });

  it('counts what changes nothing', async () => {
    expect(await texts([unused])).toEqual([
      '1 diagnostic: parts that could not be read or decided; -o json lists them',
    ]);
  });
});
