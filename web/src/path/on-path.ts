/** Whether the reader of this tab is on a lesson path: all that a page needs to know before it loads what shows the path. */

/** Where the tab keeps it. */
export const AT = 'slowfire.path';

export function isOnPath(): boolean {
  try {
    return sessionStorage.getItem(AT) !== null;
  } catch {
    return false;
  }
}

export function leavePath(): void {
  try {
    sessionStorage.removeItem(AT);
  } catch {
    // Storage may be forbidden; then there is no path to leave.
  }
}
