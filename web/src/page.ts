import './components/sf-page.ts';
import { start } from './start.ts';
import { restoreTheme } from './theme.ts';

restoreTheme();
const page = document.querySelector('sf-page');
if (page) void start(page);
