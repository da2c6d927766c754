/** Keys of a recipe, and flags, that name an application to lay. */
export const applicationKeys = ['node', 'python', 'java', 'ruby', 'php', 'binary'] as const;

export type ApplicationKey = (typeof applicationKeys)[number];
