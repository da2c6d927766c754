const language = document.documentElement.lang;

/** Writes the element's own text with its numbers filled in, if that changes it: a live region speaks each change. */
export function fillText(element: HTMLElement | null, values: Readonly<Record<string, number>>): void {
  if (element === null) return;
  const format = new Intl.NumberFormat(language);
  const text = (element.dataset['text'] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    format.format(values[name] ?? 0),
  );
  if (element.textContent !== text) element.textContent = text;
}
