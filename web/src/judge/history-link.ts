/** A history, and what is asked of it, as a link: `#history=1.`, then base64url of the deflated JSON. */
import { packed, unpacked } from '../files/packed.ts';
import type { Question } from './judged.ts';

export const HISTORY = '#history';
const MARK = `${HISTORY}=1.`;

/** A longer link breaks in mails and chats. */
export const LONGEST_LINK = 8000;

/** Nothing where it would be too long. */
export async function historyLink({ text, asked }: Question): Promise<string | undefined> {
  // What deflates best still needs more than a byte in a thousand.
  if (text.length > 1000 * LONGEST_LINK) return undefined;
  const link = MARK + (await packed(JSON.stringify([text, asked])));
  return link.length > LONGEST_LINK ? undefined : link;
}

/** What a link holds; nothing where it holds nothing, and an error where it is damaged. */
export async function historyOf(link: string): Promise<Question | undefined> {
  if (link === HISTORY) return undefined;
  if (!link.startsWith(MARK)) throw new SyntaxError(link);
  const held: unknown = JSON.parse(await unpacked(link.slice(MARK.length)));
  if (!Array.isArray(held) || typeof held[0] !== 'string') throw new SyntaxError(link);
  return { text: held[0], asked: held[1] as Question['asked'] };
}
