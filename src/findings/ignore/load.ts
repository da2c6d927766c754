import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Report } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import { said } from '../../core/problems.ts';
import { systemProblem } from '../../core/system-problem.ts';
import { readGrypeIgnore } from './grype-ignore.ts';
import { readIgnoreRules } from './ignore-rules.ts';
import type { IgnoreRule } from './rule.ts';
import { readTrivyIgnore, readTrivyIgnoreYaml } from './trivyignore.ts';

/** Files of other scanners that are read where they lie in the working directory. */
const foreignFiles = ['.trivyignore', '.trivyignore.yaml', '.trivyignore.yml', '.grype.yaml'] as const;

/** The rules of the ignore files in a folder; none where there are none. `.cinzel.yaml` is the configuration's. */
export async function loadForeignRules(folder: string, report: Report): Promise<readonly IgnoreRule[]> {
  const lists = await Promise.all(
    foreignFiles.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
      return text === undefined ? [] : readIgnoreText(name, text, report);
    }),
  );
  return lists.flat();
}

/** The rules of a file that the user names. Throws `environment.not-found` and `environment.read`. */
export async function loadIgnoreFile(path: string, report: Report): Promise<readonly IgnoreRule[]> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new CinzelError('environment.not-found', { what: path }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  });
  return readIgnoreText(path, text, report);
}

/**
 * The rules in a file's text; its name says whose format it is. A YAML file of another name holds rules as
 * `.cinzel.yaml` has them, under `ignore` or as its only list. Throws `usage.configuration`.
 */
export async function readIgnoreText(path: string, text: string, report: Report): Promise<readonly IgnoreRule[]> {
  const name = basename(path);
  if (!/\.ya?ml$/.test(name)) return readTrivyIgnore(path, text);
  const document = await parseYaml(path, text);
  if (name.includes('trivyignore')) return readTrivyIgnoreYaml(path, document);
  if (name.includes('grype')) return grypeRules(path, document, report);
  return readIgnoreRules(path, ignoreList(path, document));
}

function grypeRules(path: string, document: unknown, report: Report): readonly IgnoreRule[] {
  const { rules, unsupported } = readGrypeIgnore(path, document);
  for (const parameters of unsupported) report({ code: 'ignore.unsupported', severity: 'warning', parameters });
  return rules;
}

function ignoreList(path: string, document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const list: unknown =
    typeof document === 'object' && document !== null && 'ignore' in document ? document.ignore : [];
  if (Array.isArray(list)) return list;
  throw new CinzelError('usage.configuration', { path, problem: { kind: 'no-list', key: 'ignore' } });
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    const problem = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CinzelError('usage.configuration', { path, problem: said(problem.replace(/:$/, '')) }, { cause });
  }
}
