/** Distributions whose packages are apk's. */
export const apkDistributions = ['alpine', 'wolfi'] as const;
