/** The language that a figure speaks. */

/** Those that there is a table of words in (`words.ts`). */
const LANGUAGES = ['en'];

/** The one that is shown to a page that asks for `asked`, such as `de-CH`: English where there are no words in that. */
export function languageFor(asked: string | null): string {
  const [main = ''] = (asked ?? '').trim().toLowerCase().split('-');
  return LANGUAGES.find((language) => language === main) ?? 'en';
}
