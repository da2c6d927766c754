export const feedId = 'debian-archive';

/** Raise it when the same changelogs give other advisories. */
export const feedVersion = 1;
