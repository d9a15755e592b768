/** The documentation: its colours, and those of its figures, are those of the page. */
import { restoreTheme } from './style/theme.ts';

restoreTheme();
const { theme } = document.documentElement.dataset;
if (theme !== undefined) {
  for (const figure of document.querySelectorAll('slow-fire')) figure.setAttribute('theme', theme);
}
