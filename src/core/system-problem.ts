import { type Problem, said } from './problems.ts';

/** What an operating system's refusal means; what it alone has a name for stays as it said it. */
export function systemProblem(cause: unknown): Problem {
  const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
  return known[code ?? ''] ?? said(code ?? message);
}

const known: Readonly<Record<string, Problem>> = {
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  ENOENT: 'no-such-file',
  EISDIR: 'folder',
  ENOTDIR: 'no-folder',
  ENAMETOOLONG: 'long-path',
  ELOOP: 'link-loop',
};
