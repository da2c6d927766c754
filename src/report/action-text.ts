import type { Catalogue } from '../i18n/catalogue.ts';
import type { Action } from './actions.ts';
import { createValueFormat } from './value-format.ts';

/** An action in one sentence. */
export function actionText(action: Action, catalogue: Catalogue): string {
  const { actions, count } = catalogue.report;
  const { number } = createValueFormat(catalogue.language);
  const removed = count.vulnerabilities(action.removes, number(action.removes));
  if (action.kind === 'upgrade') {
    return actions.upgrade(action.name, action.installedVersion, action.version, removed);
  }
  const upgrades = count.packages(action.packages, number(action.packages));
  return action.kind === 'rebase'
    ? actions.rebase(action.base.name, removed, upgrades)
    : actions.rebuild(action.layer, removed, upgrades);
}
