/** The full page. */
import { start } from './session/start.ts';
import { keepForOffline } from './session/offline.ts';
import { placeOf } from './session/place.ts';
import { whenIdle } from './session/when-idle.ts';
import { restoreTheme } from './style/theme.ts';

restoreTheme();
const app = document.querySelector('sf-app');
// Scripts that are loaded apart are run in tasks apart: all at once would hold up the page.
const loadShown = () =>
  Promise.all([
    import('./components/page/sf-app.ts'),
    // Readers of a lab need no start page.
    placeOf(window.location.hash) === 'start' && import('./components/start/sf-start.ts'),
  ]);
if (app) {
  const begin = () =>
    void start(app, window.location.hash, loadShown(), (core) => {
      app.core = core;
    });
  begin();
  // A simulator that could not be loaded is asked for again by whoever wants it, or follows another link.
  const again = () => {
    if (app.core || app.unavailable === undefined) return;
    app.unavailable = undefined;
    begin();
  };
  app.addEventListener('try-again', again);
  window.addEventListener('hashchange', again);
  window.addEventListener('load', () => {
    // It waits for whatever a reader waits for.
    whenIdle(() => void keepForOffline(new URL('./', window.location.href).href), 10_000);
  });
}
