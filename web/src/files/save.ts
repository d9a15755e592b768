/** Hands a file to the browser, which puts it where the reader's downloads are. */

/** A browser may begin to read the file only after the click. */
const KEPT_MS = 60_000;

export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
