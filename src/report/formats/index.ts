import type { ReportFormat } from '../format.ts';

/** Every format; each is loaded when it is first asked for. A new one is its file and a line here. */
export const reportFormats = {
  table: async () => (await import('./table/index.ts')).table,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif/index.ts')).sarif,
  cyclonedx: async () => (await import('./cyclonedx/index.ts')).cyclonedx,
  spdx: async () => (await import('./spdx/index.ts')).spdx,
  html: async () => (await import('./html/index.ts')).html,
  markdown: async () => (await import('./markdown.ts')).markdown,
  ids: async () => (await import('./ids.ts')).ids,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  junit: async () => (await import('./junit.ts')).junit,
} satisfies Record<string, () => Promise<ReportFormat>>;

export type FormatId = keyof typeof reportFormats;

export const formatIds = Object.keys(reportFormats) as readonly FormatId[];
