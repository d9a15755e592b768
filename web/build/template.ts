/** What all pages of the site are made with: templates, and the words that fill them. */

/** A file of the site, by its name in `dist/`. */
export interface SiteFile {
  fileName: string;
  source: string | Uint8Array;
}

/** A page of the site's own folder, in a folder below it. */
export function moved(template: string, place: string): string {
  return template.replaceAll(/\b(href|src)="\.\//g, `$1="${place}`);
}

/** `<!--{{name}}-->`, `{{name}}` in an attribute: each becomes what it stands for. */
export function filled(template: string, values: Record<string, string>): string {
  return template.replaceAll(
    /<!--\{\{(\w+)\}\}-->|\{\{(\w+)\}\}/g,
    (mark, one?: string, other?: string) => {
      const value = values[one ?? other ?? ''];
      if (value === undefined) throw new Error(`a page has ${mark}, which nobody fills`);
      return value;
    },
  );
}

/** Markdown without its marks: labs' summaries have no other than those of emphasis. */
export function plain(markdown: string): string {
  return markdown.replaceAll(/[*`]/g, '').replaceAll(/\s+/g, ' ').trim();
}
