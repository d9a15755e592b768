/** How the page's sources are laid out; `npm run format` does it. */
export default {
  singleQuote: true,
  printWidth: 108,
  // Template strings hold markup and styles whose white space is part of what is shown.
  embeddedLanguageFormatting: 'off',
};
