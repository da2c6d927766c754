/** Parts of packages by name, as patterns of absolute paths; with /usr merged or not. */
export const slices = {
  bins: /^\/(usr\/)?s?bin\//,
  config: /^\/etc\//,
  data: /^\/usr\/share\/(?!doc\/|man\/|info\/|locale\/|lintian\/|bug\/)/,
  docs: /^\/usr\/share\/(doc|man|info|lintian|bug)\//,
  gconv: /^\/(usr\/)?lib[^/]*\/([^/]+\/)?gconv\//,
  libs: /^\/(usr\/)?lib[^/]*\/(?!([^/]+\/)?gconv\/|locale\/)(.*\/)?[^/]+\.so(\.[^/]*)?$/,
  locales: /^\/usr\/(share\/locale|lib\/locale)\//,
} as const satisfies Readonly<Record<string, RegExp>>;

export type SliceName = keyof typeof slices;

/** What every part of a package keeps: its licence. */
export const licence = /^\/usr\/share\/doc\/[^/]+\/copyright$/;
