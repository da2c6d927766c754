import { type Action, bestActions, includes } from '../../../actions.ts';
import { layerLine } from '../../../layer-line.ts';
import { html, type Markup } from '../markup.ts';
import { counted, type Page } from '../page.ts';
import { type SeverityCounts, severityBar, severityWords } from './severity.ts';

const actionsShown = 5;

/** The actions that remove most: the best two of all kinds and the next upgrades, whichever removes more first. */
export function actionsOf(page: Page): readonly Action[] {
  const best = bestActions(page.groups, page.result.image);
  const named = new Set(best.flatMap((action) => (action.kind === 'upgrade' ? [action.group] : [])));
  const upgrades = page.groups
    .flatMap((group) => bestActions([group], page.result.image))
    .filter((action) => action.kind === 'upgrade');
  const next = upgrades.filter((action) => !named.has(action.group)).toSorted((a, b) => b.removes - a.removes);
  return [...best, ...next].slice(0, actionsShown).toSorted((a, b) => b.removes - a.removes);
}

/** The actions as an ordered list, each with how many vulnerabilities it removes and of which severity. */
export function actionList(page: Page, actions: readonly Action[]): Markup {
  const most = Math.max(...actions.map((action) => action.removes));
  return html`<ol class="actions">${actions.map((action) => actionItem(page, action, most))}</ol>`;
}

function actionItem(page: Page, action: Action, most: number): Markup {
  const counts = removedSeverities(page, action);
  return html`<li><div><p class="do">${sentence(page, action)}</p><p class="from"><span class="quiet">${page.texts.actions.inLayer(String(action.layer))}</span> <code>${layerLine(page.result, action.layer, page.catalogue)}</code></p></div><p class="removes">${page.texts.actions.removes(counted(page, 'vulnerabilities', action.removes))}${severityBar(counts, 'small-bar', most)}<span class="quiet">${severityWords(page, counts)}</span></p></li>`;
}

function sentence(page: Page, action: Action): Markup {
  const { upgrade, to, rebuild, rebase } = page.texts.actions;
  if (action.kind === 'upgrade')
    return html`${upgrade} <strong>${action.name}</strong> <code>${action.installedVersion}</code> ${to} <code>${action.version}</code>`;
  const upgrades = counted(page, 'packages', action.packages);
  return action.kind === 'rebase'
    ? html`${rebase(action.base.name, upgrades)}`
    : html`${rebuild(String(action.layer), upgrades)}`;
}

function removedSeverities(page: Page, action: Action): SeverityCounts {
  const counts: Record<string, number> = {};
  for (const group of page.groups.filter((candidate) => includes(action, candidate))) {
    for (const { fix, severity } of group.vulnerabilities) {
      if (fix.state === 'fixed') counts[severity] = (counts[severity] ?? 0) + 1;
    }
  }
  return counts;
}
