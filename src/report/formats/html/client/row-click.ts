/** Lets a click anywhere on a row open it, where it is not meant for a link, a control or a selection of text. */
export function openRowsByClick(): void {
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    if (target === undefined || target.closest('a, button, summary, .sheet') !== null) return;
    if (getSelection()?.isCollapsed === false) return;
    const details = target.closest('tr.row')?.querySelector('details');
    if (details) details.open = !details.open;
  });
}
