/** How high a frame would be, as it tells the page around it: see `element/messages.ts` for all that they tell each other. */

/** The version of all messages between a frame and the page around it. */
export const VERSION = 1;

/** The height that a message says, in CSS pixels; nothing where it says none. */
export function heightIn(data: unknown): number | undefined {
  if (!isOurs(data) || data.kind !== 'resize') return undefined;
  const { height } = data;
  return typeof height === 'number' && height > 0 && height < 1e5 ? height : undefined;
}

/** Whether a message is one of ours, of this version. */
export function isOurs(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && 'slowfire' in data && data.slowfire === VERSION;
}
