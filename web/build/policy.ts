/**
 * What the pages allow themselves. A host that sends a policy of its own must allow as much: both hold then.
 *
 * - Scripts and styles are files of the same host. Nothing is written into a page, no text becomes code, and the one thing
 *   that is compiled is WebAssembly.
 * - Pictures are files of the same host, and legends' samples, which are drawn into addresses (`data:`).
 * - A link may name a file elsewhere (`#url=`), which is read as text: from any host that allows it, and by the full page
 *   alone.
 * - lit alone makes HTML of texts, of its own templates; three workers, which judge histories, run links beside the page, and keep it for when
 *   there is no network, are all else that takes a trusted type.
 * - An example, and what the full page offers to share, show an embed in a frame.
 */
const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'frame-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'lit-html slowfire-worker',
};

/** The one page that opens links to files. */
const FULL_PAGE = 'index.html';

/** Of a page by its name in `dist/`. */
export function policyOf(page: string): string {
  const directives = page === FULL_PAGE ? { ...DIRECTIVES, 'connect-src': "'self' https:" } : DIRECTIVES;
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
