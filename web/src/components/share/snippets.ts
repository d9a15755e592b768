/** What an author pastes into a page of their own, to show a run. */
import { escaped } from '../../files/markup.ts';

export interface Shared {
  /** The link of the run, from the `#` on. */
  link: string;
  /** Where the pages of Slowfire are: an address that ends in a slash. */
  home: string;
  /** What the run is called. */
  title: string;
  /** The lab's name in links; empty for a document of somebody's own, of which there is no poster. */
  lab: string;
}

/** In CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** How a figure stands in a page. */
export interface Layout extends Size {
  /** Whether the author has chosen the size. Until then an element has what its page gives it. */
  isChosen: boolean;
  /** Whether a frame takes the height that the figure needs, with a script: `height` is then what it begins with. */
  follows: boolean;
}

/** How a run can stand in a page. */
export type Form = 'element' | 'frame' | 'markdown';

export const FORMS: readonly Form[] = ['element', 'frame', 'markdown'];

export function snippet(form: Form, shared: Shared, layout: Layout): string {
  return WRITERS[form](shared, layout);
}

/** The address of a frame that shows the run; a lab's own frame also shows its picture where there is no JavaScript. */
export function frameAddress({ home, link, lab }: Shared): string {
  return lab === '' ? `${home}embed.html${link}` : `${home}embed/${encodeURIComponent(lab)}.html${link}`;
}

/** The address of the full page. */
export function pageAddress({ home, link }: Shared): string {
  return home + link;
}

const WRITERS: Record<Form, (shared: Shared, layout: Layout) => string> = {
  element: ({ home, link, title, lab }, layout) =>
    lines(
      script(home, 'slow-fire.js'),
      `<slow-fire ${[`src="${escaped(link)}"`, ...styled(layout)].join(' ')}>`,
      `  <a href="${escaped(home + link)}">${lab === '' ? escaped(title) : image(home, lab, title)}</a>`,
      `</slow-fire>`,
    ),
  frame: (shared, { width, height, follows }) =>
    lines(
      ...(follows ? [script(shared.home, 'frames.js')] : []),
      `<iframe src="${escaped(frameAddress(shared))}" title="${escaped(shared.title)}"`,
      `        width="${width}" height="${height}" loading="lazy"></iframe>`,
    ),
  markdown: ({ home, link, title, lab }) => {
    const shown = lab === '' ? markdown(title) : `![${markdown(title)}](${home}${posterOf(lab)})`;
    // Brackets would end the address.
    return `[${shown}](${home}${link.replaceAll('(', '%28').replaceAll(')', '%29')})`;
  },
};

/** For the author's page, as an attribute, which a strict policy refuses. The element is no wider than its place. */
function styled({ width, height, isChosen }: Layout): string[] {
  return isChosen ? [`style="max-width:${width}px;height:${height}px"`] : [];
}

function script(home: string, name: string): string {
  return `<script type="module" src="${escaped(home)}${name}"></script>`;
}

function image(home: string, lab: string, title: string): string {
  return `<img src="${escaped(home + posterOf(lab))}" alt="${escaped(title)}" width="100%" />`;
}

/** Where the picture of a lab at its telling moment is. */
function posterOf(lab: string): string {
  return `posters/${encodeURIComponent(lab)}.svg`;
}

function lines(...all: string[]): string {
  return all.join('\n');
}

function markdown(text: string): string {
  return text.replace(/[\\`*_[\]<>!&]/g, '\\$&');
}
