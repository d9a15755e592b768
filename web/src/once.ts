/**
 * What is made when it is first asked for, and kept. What a browser knows of a language takes it milliseconds to load: no module
 * that a page begins with makes that as it is loaded.
 */
export function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}
