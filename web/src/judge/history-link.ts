/** A history, and what is asked of it, as a link: `#history=1.`, then base64url of the deflated JSON. */
import { MOST_HELD, packed, unpacked } from '../files/packed.ts';
import type { Asked, Question } from './judged.ts';

export const HISTORY = '#history';
const MARK = `${HISTORY}=1.`;

/** A longer link breaks in mails and chats. */
export const LONGEST_LINK = 8000;

/** So many characters has the longest word that may be asked with. */
const LONGEST_WORD = 4000;
/** Six bits for each character. */
const MOST_PACKED = ((LONGEST_LINK - MARK.length) * 3) / 4;

/** Nothing where it would be too long. */
export async function historyLink({ text, asked }: Question): Promise<string | undefined> {
  if (text.length > MOST_HELD || !isShort(asked)) return undefined;
  try {
    return MARK + (await packed(JSON.stringify([text, asked]), MOST_PACKED));
  } catch {
    return undefined;
  }
}

/** The page shows what is asked as it is. */
function isShort(asked: Asked): boolean {
  return Object.values(asked).every((word) => typeof word === 'string' && word.length <= LONGEST_WORD);
}

/** What a link holds; nothing where it holds nothing, and an error where it is damaged. */
export async function historyOf(link: string): Promise<Question | undefined> {
  if (link === HISTORY) return undefined;
  if (!link.startsWith(MARK)) throw new SyntaxError(link);
  const held: unknown = JSON.parse(await unpacked(link.slice(MARK.length)));
  if (!Array.isArray(held) || typeof held[0] !== 'string') throw new SyntaxError(link);
  const asked = held[1] as Asked;
  if (!isShort(asked)) throw new SyntaxError(link);
  return { text: held[0], asked };
}
