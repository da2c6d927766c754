/** What the reader asked for: words that the text must hold, and for each filter the words of which one must match. */
export interface Query {
  readonly words: readonly string[];
  readonly filters: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A row's own text and data, read from the page once. */
export interface Row {
  readonly element: HTMLElement;
  text: string | undefined;
}

export function matches(row: Row, query: Query): boolean {
  for (const [name, allowed] of query.filters) {
    const words = row.element.dataset[name]?.split(' ') ?? [];
    if (!words.some((word) => allowed.has(word))) return false;
  }
  if (query.words.length === 0) return true;
  row.text ??= row.element.textContent.toLowerCase();
  const { text } = row;
  return query.words.every((word) => text.includes(word));
}

/** Reads the controls of a table; a filter that is set to "all" is absent. */
export function readQuery(tools: HTMLElement): Query {
  const search = tools.querySelector<HTMLInputElement>('input[type=search]')?.value ?? '';
  const filters = new Map<string, ReadonlySet<string>>();
  for (const control of tools.querySelectorAll<HTMLElement>('[data-filter]')) {
    const chosen = chosenValues(control);
    if (chosen.length > 0) filters.set(control.dataset['filter'] ?? '', new Set(chosen));
  }
  return { words: search.toLowerCase().split(/\s+/).filter(Boolean), filters };
}

function chosenValues(control: HTMLElement): readonly string[] {
  if (control instanceof HTMLSelectElement) return control.value.split(' ').filter(Boolean);
  return [...control.querySelectorAll<HTMLInputElement>('input:checked')].map((box) => box.value);
}

/** Whether a control differs from how the page came. */
export function isChanged(tools: HTMLElement): boolean {
  return [...tools.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')].some((control) =>
    control instanceof HTMLSelectElement
      ? control.selectedIndex !== defaultIndex(control)
      : control.type === 'checkbox'
        ? control.checked
        : control.value !== '',
  );
}

/** Sets every control back to how the page came. */
export function resetControls(tools: HTMLElement): void {
  for (const control of tools.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')) {
    if (control instanceof HTMLSelectElement) control.selectedIndex = defaultIndex(control);
    else if (control.type === 'checkbox') control.checked = false;
    else control.value = '';
  }
}

/** Sets one filter to one value, if the table has that filter and value. */
export function setFilter(tools: HTMLElement, name: string, value: string): void {
  const control = tools.querySelector<HTMLElement>(`[data-filter="${CSS.escape(name)}"]`);
  if (control instanceof HTMLSelectElement) control.value = value;
  const boxes = control?.querySelectorAll<HTMLInputElement>('input[type=checkbox]') ?? [];
  for (const box of boxes) box.checked = box.value === value;
}

function defaultIndex(select: HTMLSelectElement): number {
  return Math.max(
    0,
    [...select.options].findIndex((option) => option.defaultSelected),
  );
}
