/** What a figure says before it has loaded `src/words.ts`. */
export const asleep = { play: 'Play this figure' };
