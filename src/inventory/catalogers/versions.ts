/**
 * Versions of the catalogers, apart from them so that a run that finds its answer in the cache loads none. Raise one
 * when its cataloger reads other files or makes something else of the same bytes.
 */
export const versions = { dpkg: 1, apk: 1, npm: 1, python: 1 } as const;

/** What the rest of the inventory makes of what catalogers find: attribution, ownership, surface. */
const inventoryVersion = 3;

/** Part of every key under which something that catalogers saw is cached. */
export const catalogerVersions = [
  `inventory${inventoryVersion}`,
  ...Object.entries(versions).map((pair) => pair.join('')),
].join('-');
