import type { Advisory, Affected } from '../model.ts';

/** A small advisory for tests; `affected` defaults to PyPI's `demo` below 2. */
export function sampleAdvisory(id: string, parts: Partial<Advisory> = {}): Advisory {
  return {
    id,
    feed: 'osv',
    aliases: [],
    upstream: [],
    modified: '2024-01-01T00:00:00Z',
    severity: [],
    affected: [sampleAffected('PyPI', 'demo', '2')],
    references: [`https://osv.dev/vulnerability/${id}`],
    ...parts,
  };
}

/** Every version below `fixed`, or every version. */
export function sampleAffected(ecosystem: string, name: string, fixed?: string): Affected {
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])];
  return { ecosystem, name, ranges: [{ type: 'ECOSYSTEM', events }], versions: [] };
}
