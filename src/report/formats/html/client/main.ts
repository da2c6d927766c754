import { enhanceTable } from './data-table.ts';
import { followNarrowingLinks } from './narrowing-links.ts';
import { openRowsByClick } from './row-click.ts';
import { offerTheme, restoreTheme } from './theme.ts';

// Runs in the head: the class holds later rows back before they are laid out, the theme is set before the first paint.
document.documentElement.classList.add('js');
restoreTheme();
document.addEventListener('DOMContentLoaded', () => {
  offerTheme();
  const tables = [...document.querySelectorAll<HTMLTableElement>('table[data-table]')].map(enhanceTable);
  followNarrowingLinks(tables);
  openRowsByClick();
});
