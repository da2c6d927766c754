import type { DataTable } from './data-table.ts';

/** Makes a link such as `<a href="#findings" data-narrow="layer=3">` show just those rows of the table it leads to. */
export function followNarrowingLinks(tables: readonly DataTable[]): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-narrow]') : null;
    if (link === null) return;
    const [filter = '', value = ''] = (link.dataset['narrow'] ?? '').split('=');
    const section = document.getElementById(link.hash.slice(1));
    tables.find((table) => table.section === section)?.narrow(filter, value);
  });
}
