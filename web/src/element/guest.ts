/** Wakes a figure in somebody else's page. */
import { sheetFor } from '../components/base/sheets.ts';
import { inOwnUnit, UNIT } from '../components/base/unit.ts';
import { HeldLink } from '../session/address.ts';
import type { Tell } from './events.ts';
import { wake, type Figure, type Left } from './figure.ts';
import type { Attributes } from './settings.ts';
import tokens from '../style/tokens.css?inline';

/** The page's own properties, for the inside of one element. */
const RULES = inOwnUnit(tokens.replaceAll(':root', '.root'));

/** As a length it is handed down as it is where a figure begins, and not measured anew by everything inside. */
try {
  CSS.registerProperty({ name: UNIT, syntax: '<length>', inherits: true, initialValue: '16px' });
} catch {
  // Another copy of Slowfire on the same page did.
}

/** What an element knows of the figure that it is to show. */
interface Guest {
  /** An address in the folder of the full page. */
  home: string;
  attributes: Attributes;
  scenario: string | undefined;
  /** The run as it was left, if it was there before. */
  left: Left | undefined;
  tell: Tell;
  /** Hears why there is no simulator. */
  onUnavailable: (sentence: string) => void;
  /** Whether the element still shows what it begins to show. */
  isWanted: () => boolean;
}

/** Puts a figure into a root of an element, in place of what is there. Nothing where it could not be woken. */
export async function wakeIn(root: HTMLElement, guest: Guest): Promise<Figure | undefined> {
  const embed = document.createElement('sf-embed');
  embed.ownKeys = true;
  const { home, attributes, scenario, left, tell } = guest;
  const holder = (link: string) => new HeldLink(link);
  const figure = await wake({ embed, home, attributes, scenario, holder, left, tell });
  if (!figure) guest.onUnavailable(embed.unavailable ?? '');
  if (!guest.isWanted() || !figure) return figure;
  const shadow = root.getRootNode();
  if (shadow instanceof ShadowRoot) {
    const sheet = sheetFor(root.ownerDocument, RULES);
    // The element's own rules come last.
    shadow.adoptedStyleSheets = [sheet, ...shadow.adoptedStyleSheets.filter((each) => each !== sheet)];
  }
  root.replaceChildren(embed);
  return figure;
}
