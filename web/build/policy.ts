/**
 * What the pages allow themselves. A host that sends a policy of its own must allow as much: both hold then.
 *
 * - Scripts and styles are files of the same host. Nothing is written into a page, no text becomes code, and the one thing
 *   that is compiled is WebAssembly.
 * - Pictures are files of the same host, and legends' samples, which are drawn into addresses (`data:`).
 * - A link may name a file elsewhere (`#url=`), which is read as text: from any host that allows it, and from this machine.
 * - lit alone makes HTML of texts, of its own templates; two workers, which judge histories and keep the page for when
 *   there is no network, are all else that takes a trusted type.
 * - An example shows an embed in a frame.
 */
const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self' https: http://localhost:* http://127.0.0.1:*",
  'manifest-src': "'self'",
  'frame-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'lit-html slowfire-worker',
};

export const contentSecurityPolicy = Object.entries(DIRECTIVES)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');
