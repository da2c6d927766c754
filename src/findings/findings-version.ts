/** Raise it when matching, grouping or rating make something else of the same packages and advisories. */
export const findingsVersion = 3;
