import { severities } from '../../../../findings/model.ts';
import type { Page } from '../page.ts';
import { type Controls, type Filter, layerFilter } from './controls.ts';

/** Search and filters of the findings; a filter that could only say one thing is left out. */
export function findingControls(page: Page, showsReach: boolean): Controls {
  const { texts, rows } = page;
  const layers = layerFilter(
    rows.flatMap((row) => row.layers),
    texts.findings.layer,
  );
  const types: Filter = {
    name: 'type',
    label: texts.findings.type,
    options: [...new Set(rows.flatMap((row) => row.types))].toSorted().map((type) => ({ value: type, label: type })),
  };
  const fixes: Filter = {
    name: 'fix',
    label: texts.findings.fix,
    options: [
      { value: 'fixed', label: texts.findings.withFix },
      { value: 'unfixed', label: texts.findings.withoutFix },
    ],
  };
  const filters = [fixes, layers, types, ...(showsReach ? [reachFilter(page)] : []), verdictFilter(page)];
  return {
    searchHint: texts.findings.searchHint,
    status: texts.findings.status,
    toggles: severityToggles(page),
    choices: filters.filter((filter) => filter.options.length > 1),
  };
}

function severityToggles(page: Page): Filter {
  const present = new Set(page.rows.map((row) => row.first.severity));
  const options = severities
    .filter((severity) => present.has(severity))
    .map((severity) => ({ value: severity, label: page.texts.severity[severity] }));
  return { name: 'severity', label: page.texts.findings.severity, options };
}

function reachFilter({ texts }: Page): Filter {
  const answers = ['yes', 'no', 'unknown'] as const;
  const options = answers.map((answer) => ({ value: answer, label: texts.reachable[answer] }));
  return { name: 'reach', label: texts.findings.reachable, options };
}

/** Suppressed rows stay out of sight until someone asks for them. */
function verdictFilter({ texts, rows }: Page): Filter {
  const kinds = new Set(rows.map((row) => row.first.verdict.kind));
  const options = [
    { value: 'open denied', label: texts.findings.openOnly, isDefault: true },
    ...(kinds.has('denied') ? [{ value: 'denied', label: texts.findings.deniedOnly }] : []),
    ...(kinds.has('suppressed') ? [{ value: 'suppressed', label: texts.findings.suppressedOnly }] : []),
  ];
  return { name: 'verdict', label: texts.findings.verdict, options };
}
