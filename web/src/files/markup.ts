/** Texts in markup: of pages, pictures and snippets. */

const OF_MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** For the content of an element, and for an attribute between `"`. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => OF_MARKUP[character] ?? character);
}
