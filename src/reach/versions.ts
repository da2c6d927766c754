/** Raise it when the same image gives another graph or other answers: it is part of every cache key. */
export const reachVersions = '15';
