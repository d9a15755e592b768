/**
 * The little Markdown that stories are written in: paragraphs, *emphasis*,
 * **weight**, `code` and [links](https://…). Everything else is plain text:
 * what a document says never becomes markup.
 */
import { html, type TemplateResult } from 'lit';

type Piece = string | TemplateResult;

/** Paragraphs, each in a `p`. */
export function paragraphs(markdown: string): TemplateResult[] {
  return markdown
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => html`<p>${inline(paragraph)}</p>`);
}

const MARKUP =
  /`([^`]+)`|\*\*(.+?)\*\*|\*(.+?)\*|(?<![\p{L}\p{N}])_(.+?)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^\s)]+)\)|<(https?:\/\/[^\s>]+)>/gu;

/** A line's words. */
export function inline(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of markdown.matchAll(MARKUP)) {
    pieces.push(markdown.slice(at, match.index), markup(match[0], match.slice(1)));
    at = match.index + match[0].length;
  }
  return [...pieces, markdown.slice(at)].filter((piece) => piece !== '');
}

/** A match as a whole, and its groups: only those of the markup that it is are there. */
function markup(
  whole: string,
  [code, strong, stars, lines, words, target, bare]: (string | undefined)[],
): Piece {
  if (code !== undefined) return html`<code>${code}</code>`;
  if (strong !== undefined) return html`<strong>${inline(strong)}</strong>`;
  const emphasis = stars ?? lines;
  if (emphasis !== undefined) return html`<em>${inline(emphasis)}</em>`;
  const address = bare ?? target;
  return address === undefined ? whole : link(address, words ?? address);
}

/** Runs open here; the rest of the web opens elsewhere, and nothing but the web opens at all. */
function link(address: string, words: string): Piece {
  if (address.startsWith('#')) return html`<a href=${address}>${inline(words)}</a>`;
  if (!/^https?:\/\//.test(address)) return words;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${words}</a>`;
}
