/** Sheets for shadow roots: a sheet that a script makes serves the document that it was made in, and no other one. */

const made = new WeakMap<Document, Map<string, CSSStyleSheet>>();

/** The sheet with these rules for elements of a document: one, however many ask. */
export function sheetFor(document: Document, rules: string): CSSStyleSheet {
  const sheets = made.get(document) ?? new Map<string, CSSStyleSheet>();
  made.set(document, sheets);
  const known = sheets.get(rules);
  if (known) return known;
  const { CSSStyleSheet: Sheet } = document.defaultView ?? window;
  const sheet = new Sheet();
  sheet.replaceSync(rules);
  sheets.set(rules, sheet);
  return sheet;
}
