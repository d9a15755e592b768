import './components/page/sf-app.ts';
import { start } from './session/start.ts';
import { restoreTheme } from './style/theme.ts';

restoreTheme();
const app = document.querySelector('sf-app');
if (app) {
  void start(app, window.location.hash, (core) => {
    app.core = core;
  });
}
