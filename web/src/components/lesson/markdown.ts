/**
 * The little Markdown that stories are written in: paragraphs, lists, *emphasis*,
 * **weight**, `code` and [links](https://…). Everything else is plain text:
 * what a document says never becomes markup.
 *
 * `crates/scenario/src/lab/markdown.rs` refuses documents with any other Markdown;
 * how the allowed one looks is decided here alone.
 */
import { html, type TemplateResult } from 'lit';
import { unbroken } from '../../format.ts';

type Piece = string | TemplateResult;

interface Block {
  tag: 'p' | 'ul' | 'ol';
  /** The number of the first item. */
  start: number;
  /** A paragraph's text, or the texts of a list's items. */
  texts: string[];
}

const EMPTY_LINE = /\n\s*\n/;
/** Where a line begins an item. A number of three digits and more is none: a sentence may end with a year. */
const BEFORE_ITEM = /\n(?=\s*(?:[-*+]|\d{1,2}[.)])\s)/;
const ITEM = /^\s*(?:[-*+]|(\d{1,2})[.)])\s+(.*)$/s;

/** Paragraphs and lists. A list has no lists in it: an item that is indented is one like the others. */
export function blocks(markdown: string): TemplateResult[] {
  return parse(markdown).map(({ tag, start, texts }) => {
    const items = texts.map((text) => html`<li>${inline(text)}</li>`);
    if (tag === 'ul') return html`<ul>${items}</ul>`;
    if (tag === 'ol') return html`<ol start=${start}>${items}</ol>`;
    return html`<p>${texts.map(inline)}</p>`;
  });
}

function parse(markdown: string): Block[] {
  const parts = markdown.split(EMPTY_LINE).flatMap((part) => part.split(BEFORE_ITEM));
  const found: Block[] = [];
  for (const part of parts.filter((part) => part.trim() !== '')) {
    const block = blockOf(part);
    const last = found.at(-1);
    if (block.tag !== 'p' && block.tag === last?.tag) last.texts.push(...block.texts);
    else found.push(block);
  }
  return found;
}

/** A paragraph, or a list of one item. */
function blockOf(part: string): Block {
  const [, number, text] = ITEM.exec(part) ?? [];
  if (text === undefined) return { tag: 'p', start: 1, texts: [part.trim()] };
  return { tag: number === undefined ? 'ul' : 'ol', start: Number(number ?? 1), texts: [text.trim()] };
}

const MARKUP =
  /`([^`]+)`|\*\*(.+?)\*\*|\*(.+?)\*|(?<![\p{L}\p{N}])_(.+?)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^\s)]+)\)|<(https?:\/\/[^\s>]+)>/gu;

/** A line's words. */
export function inline(text: string): Piece[] {
  const markdown = unbroken(text);
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
export function link(address: string, words: string): Piece {
  if (address.startsWith('#')) return html`<a href=${address}>${inline(words)}</a>`;
  if (!/^https?:\/\//.test(address)) return words;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${words}</a>`;
}
