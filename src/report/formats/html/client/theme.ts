type Theme = 'light' | 'dark';

const key = 'cinzel-theme';
const root = document.documentElement;
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** The reader's earlier choice wins over the system's scheme. */
export function restoreTheme(): void {
  const theme = storedTheme();
  if (theme !== undefined) root.dataset['theme'] = theme;
}

/** Shows the switch and keeps its state that of the page, also when the system's scheme changes. */
export function offerTheme(): void {
  const button = document.getElementById('theme');
  if (button === null) return;
  const show = (): void => button.setAttribute('aria-pressed', String(currentTheme() === 'dark'));
  button.addEventListener('click', () => {
    choose(currentTheme() === 'dark' ? 'light' : 'dark');
    show();
  });
  systemIsDark.addEventListener('change', show);
  show();
  button.hidden = false;
}

function currentTheme(): Theme {
  return (root.dataset['theme'] as Theme | undefined) ?? (systemIsDark.matches ? 'dark' : 'light');
}

function choose(theme: Theme): void {
  root.dataset['theme'] = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // A page opened as a file may have no storage; the choice then lasts as long as the page.
  }
}

function storedTheme(): Theme | undefined {
  try {
    const theme = localStorage.getItem(key);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
}
