import { isDate } from './ignore-rules.ts';
import { emptyRule, hasCondition, type IgnoreRule } from './rule.ts';

/**
 * Reads `.trivyignore` (trivy.dev, "Filtering", "By finding IDs"): an id a line, `exp:YYYY-MM-DD` behind it, comments
 * after `#`. The comment right above an id is taken as its reason.
 */
export function readTrivyIgnore(path: string, text: string): readonly IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  let comment: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [content = '', ...rest] = line.split('#');
    const [id, ...words] = content.trim().split(/\s+/);
    if (id === undefined || id === '') {
      comment = rest.length === 0 ? [] : [...comment, rest.join('#').trim()];
      continue;
    }
    const reason = [...comment, ...(rest.length === 0 ? [] : [rest.join('#').trim()])].join(' ').trim();
    const expires = words.find((word) => word.startsWith('exp:'))?.slice(4);
    rules.push({
      ...emptyRule(`${path}: line ${index + 1}`),
      ids: [id],
      ...(reason !== '' && { reason }),
      ...(expires !== undefined && isDate(expires) && { expires }),
    });
    comment = [];
  }
  return rules;
}

/** Reads the `vulnerabilities` of `.trivyignore.yaml` (the same page, "`.trivyignore.yaml`"), parsed already. */
export function readTrivyIgnoreYaml(path: string, document: unknown): readonly IgnoreRule[] {
  return items(fieldsOf(document)['vulnerabilities'])
    .map((item, index): IgnoreRule => {
      const fields = fieldsOf(item);
      const reason = texts(fields['statement']).join(' ').trim();
      const expires = texts(fields['expired_at'])[0]?.slice(0, 10);
      return {
        ...emptyRule(`${path}: vulnerabilities[${index}]`),
        ids: texts(fields['id']),
        paths: texts(fields['paths']),
        purls: texts(fields['purls']),
        ...(reason !== '' && { reason }),
        ...(expires !== undefined && isDate(expires) && { expires }),
      };
    })
    .filter(hasCondition);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return list.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
