/** A run as one page that needs no network. The build has made the page; only its run is put into it here. */
import { escaped } from './markup.ts';
import type { Order } from './order.ts';
import { words } from './words.ts';

/** What the build leaves open in `offline.html`: what the page is called, and its run as JSON. */
const TITLE = '__SLOWFIRE_TITLE__';
const RUN = '__SLOWFIRE_RUN__';

export async function offlinePage({ link, home, title }: Order): Promise<string> {
  const response = await fetch(new URL('offline.html', home)).catch(() => undefined);
  if (response?.ok !== true) throw new Error(words.save.notLoaded);
  const page = await response.text();
  const run = JSON.stringify({ link, home }).replaceAll('<', '\\u003c');
  // Functions, because a `$` in a text is no pattern.
  return page.replace(TITLE, () => escaped(title)).replace(RUN, () => run);
}
