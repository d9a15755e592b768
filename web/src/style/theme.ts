/** Light or dark: the system's choice until the reader makes one, which this device keeps. */

export type Theme = 'light' | 'dark';

const KEY = 'slowfire.theme';

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  return remembered() ?? systemTheme();
}

/** The reader's choice; choosing what the system says anyway means following the system. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === systemTheme()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  document.documentElement.dataset.theme = theme;
}

/** Puts a remembered choice into force. */
export function restoreTheme(): void {
  const theme = remembered();
  if (theme) document.documentElement.dataset.theme = theme;
}

function systemTheme(): Theme {
  return systemIsDark.matches ? 'dark' : 'light';
}

function remembered(): Theme | undefined {
  const shown = document.documentElement.dataset.theme;
  if (shown === 'light' || shown === 'dark') return shown;
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Calls `onChange` whenever the colours around a place may have changed. */
export function watchColours(place: Node, onChange: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];
  const lists = queries.map((query) => window.matchMedia(query));
  const root = new MutationObserver(onChange);
  root.observe(rootAround(place), { attributeFilter: ['data-theme'] });
  for (const list of lists) list.addEventListener('change', onChange);
  return () => {
    root.disconnect();
    for (const list of lists) list.removeEventListener('change', onChange);
  };
}

/** What the colours are set for: a figure in somebody else's page, or the page. */
function rootAround(place: Node): Element {
  if (place instanceof Element && place.matches('.root')) return place;
  const around = place instanceof ShadowRoot ? place.host : place.parentNode;
  return around ? rootAround(around) : document.documentElement;
}
