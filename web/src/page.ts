import './components/sf-app.ts';
import { start } from './start.ts';
import { restoreTheme } from './theme.ts';

restoreTheme();
const app = document.querySelector('sf-app');
if (app) {
  void start(app, (core) => {
    app.core = core;
  });
}
