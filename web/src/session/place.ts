/** What the page shows for an address: the start page, a lab, a lesson path, or the page of a file that was opened. */
export type Place = 'start' | 'lab' | 'opened' | 'path';

/** A file that was dropped or chosen, of which no address tells. */
export const OPENED = '#history';
/** The start page, where a lab is looked for: the page that stands for a missing one leads there. */
export const FIND = '#find';

export function placeOf(link: string): Place {
  if (/^#path(?:=|$)/.test(link)) return 'path';
  if (link === OPENED || /^#(?:history|url|gist)=/.test(link)) return 'opened';
  return ['', '#', '#/', FIND].includes(link) ? 'start' : 'lab';
}
