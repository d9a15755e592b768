/** What a figure says before it has loaded `src/words.ts`. */
export const asleep = {
  play: 'Play this figure',
  again: 'Try again',
  notLoaded:
    'A part of Slowfire could not be loaded: there is no connection, or a newer version has been published. Load the page again.',
};
