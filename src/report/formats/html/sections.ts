import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';
import { actionList, actionsOf } from './parts/actions.ts';
import { coverage } from './parts/coverage.ts';
import { findingsTable } from './parts/findings-table.ts';
import { historyTable } from './parts/history-table.ts';
import { layersTable } from './parts/layers.ts';
import { ownedPackagesTable } from './parts/owned-packages-table.ts';
import { packagesTable } from './parts/packages-table.ts';

/** A part of the page with a heading of its own and a place in the navigation. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly intro?: string;
  /** What the navigation says it holds. */
  readonly count?: number;
  readonly body: (page: Page) => Iterable<Markup>;
}

/** The sections that this result has something for, in reading order. */
export function sectionsOf(page: Page): readonly Section[] {
  return [actions(page), layers(page), findings(page), packages(page), history(page), coverageSection(page)].flatMap(
    (section) => section ?? [],
  );
}

/** The section with its heading, as a landmark that its heading names. */
export function* renderSection(page: Page, section: Section): Iterable<Markup> {
  const intro = section.intro === undefined ? undefined : html`<p class="intro">${section.intro}</p>`;
  yield html`<section id="${section.id}" aria-labelledby="${section.id}-heading" tabindex="-1"><h2 id="${section.id}-heading">${section.heading}</h2>${intro}\n`;
  yield* section.body(page);
  yield html`</section>\n`;
}

function actions(page: Page): Section | undefined {
  const best = actionsOf(page);
  if (best.length === 0) return undefined;
  const { heading, intro } = page.texts.actions;
  return { id: 'actions', heading, intro, body: () => [actionList(page, best)] };
}

function layers({ texts, result }: Page): Section | undefined {
  if (result.image.layers.length === 0) return undefined;
  return {
    id: 'layers',
    heading: texts.layers.heading,
    intro: texts.layers.intro,
    count: result.image.layers.length,
    body: (page) => [layersTable(page)],
  };
}

function findings({ texts, rows }: Page): Section | undefined {
  if (rows.length === 0) return undefined;
  return {
    id: 'findings',
    heading: texts.findings.heading,
    intro: texts.findings.intro,
    count: rows.filter((row) => row.first.verdict.kind !== 'suppressed').length,
    body: findingsTable,
  };
}

function packages({ texts, result }: Page): Section {
  return {
    id: 'packages',
    heading: texts.packages.heading,
    intro: texts.packages.intro,
    count: result.packages.filter((item) => item.ownedBy === undefined).length,
    body: packageTables,
  };
}

function* packageTables(page: Page): Iterable<Markup> {
  yield* packagesTable(page);
  const owned = ownedPackagesTable(page);
  if (owned !== undefined) yield owned;
}

function history({ texts, result }: Page): Section | undefined {
  if (result.history.length === 0) return undefined;
  return {
    id: 'history',
    heading: texts.history.heading,
    intro: texts.history.intro,
    count: result.history.length,
    body: (page) => [historyTable(page)],
  };
}

function coverageSection({ texts }: Page): Section {
  return {
    id: 'coverage',
    heading: texts.coverage.heading,
    intro: texts.coverage.intro,
    body: (page) => [coverage(page)],
  };
}
