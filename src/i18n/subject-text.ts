import type { Subject, SubjectKind, SubjectParameters } from '../core/subjects.ts';

export type SubjectMessages = { readonly [Kind in SubjectKind]: (parameters: SubjectParameters[Kind]) => string };

/** Makes the words of a subject with those of a language. */
export function subjectText(messages: SubjectMessages): (subject: Subject) => string {
  return (subject) => {
    if (typeof subject === 'string') return subject;
    const { kind, ...parameters } = subject;
    const message = messages[kind] as (parameters: unknown) => string;
    return message(parameters);
  };
}
