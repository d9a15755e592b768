/** All that the page says is in `src/words.ts`: no component, and nothing else of the page, holds a text of its own. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const SOURCES = new URL('../../src/', import.meta.url);
/** The tables themselves, and what is written by the build. */
const OTHERS =
  /^(?:(?:element\/|files\/|path\/|session\/(?:why|twin|hunt|guess|challenge)\/)?words\.ts|core\/wire\.ts|(?:core|judge)\/pkg\/)/;

/** Attributes that are read out or shown. */
const SPOKEN = /(?:aria-label|aria-valuetext|aria-description|title|placeholder|alt|caption)\s*=\s*"?$/;
/** A word, or a part of one beside a value that is filled in. */
const WORD = /\p{L}{2}/u;
/** Two words one after the other, or one before or after a value: no name of a class, an event or a key. */
const PHRASE = /\p{L}{2,}[,:;.…]? (?:\p{L}|\0)|\0 \p{L}{2,}/u;
/** A question to the browser about its screen. */
const QUERY = /^\(.*\)$/;
/** A sentence of one word, or a label: keys of the keyboard and names of errors are compared, not shown. */
const LABEL = /^\p{Lu}\p{Ll}+$/u;

/** Calls whose text is for the browser: selectors, kinds of elements, marks of time. */
const FOR_THE_BROWSER = new Set([
  'querySelector',
  'querySelectorAll',
  'matches',
  'closest',
  'matchMedia',
  'join',
  'append',
  'startsWith',
]);

function findTexts(name, source) {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const found = [];
  const report = (node, text) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${name}:${line + 1} ${text.replaceAll('\0', '…').trim()}`);
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isTaggedTemplateExpression(node)) {
      if (/^(?:html|svg|staticHtml)$/.test(node.tag.getText(file))) checkMarkup(node, report);
      for (const { expression } of node.template.templateSpans ?? []) visit(expression);
      return;
    } else if (isText(node) && !isForTheBrowser(node) && isPhraseOrLabel(node)) {
      report(node, textOf(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...new Set(found)];
}

/** The text between tags and in spoken attributes, and what is filled in there. */
function checkMarkup({ template }, report) {
  const spans = ts.isTemplateExpression(template) ? template.templateSpans : [];
  let markup = ts.isTemplateExpression(template) ? template.head.text : template.text;
  for (const { expression, literal } of spans) {
    const isInTag = markup.lastIndexOf('<') > markup.lastIndexOf('>');
    if (!isInTag || SPOKEN.test(markup)) checkFilling(expression, report);
    markup += `\0${literal.text}`;
  }
  for (const [, value] of markup.matchAll(
    /(?:aria-label|aria-valuetext|title|placeholder|alt)="([^"]*)"/g,
  )) {
    if (WORD.test(value)) report(template, value);
  }
  const shown = markup.replaceAll(/<!--.*?-->|<[^>]*>/gs, ' ').replaceAll(/&\w+;/g, ' ');
  if (WORD.test(shown)) report(template, shown.replaceAll(/\s+/g, ' '));
}

/** A text that is filled in as it is, or on a condition. */
function checkFilling(node, report) {
  if (isText(node)) {
    if (WORD.test(textOf(node))) report(node, textOf(node));
  } else if (ts.isConditionalExpression(node)) {
    checkFilling(node.whenTrue, report);
    checkFilling(node.whenFalse, report);
  } else if (ts.isBinaryExpression(node)) {
    checkFilling(node.left, report);
    checkFilling(node.right, report);
  } else if (ts.isParenthesizedExpression(node)) checkFilling(node.expression, report);
}

function isText(node) {
  return (
    ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)
  );
}

/** Its values as a zero. */
function textOf(node) {
  if (!ts.isTemplateExpression(node)) return node.text;
  return node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join('');
}

function isPhraseOrLabel(node) {
  const [text, { parent }] = [shownOf(textOf(node)), node];
  if (QUERY.test(text)) return false;
  if (PHRASE.test(text)) return true;
  const isName = ts.isPropertyAssignment(parent) && parent.name === node;
  return LABEL.test(text) && !isName && !isCompared(parent);
}

function isCompared(node) {
  const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, InKeyword } = ts.SyntaxKind;
  const comparisons = [EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, InKeyword];
  return ts.isBinaryExpression(node) && comparisons.includes(node.operatorToken.kind);
}

/** Of a text that is markup: what stands between its tags, and what is read out of them. */
function shownOf(text) {
  const spoken = [...text.matchAll(/(?:aria-label|title|alt)="([^"]*)"/g)].map(([, value]) => value);
  return [text.replaceAll(/<\/?[a-z][^<>]*(?:>|$)/g, ' '), ...spoken].join(' ').trim();
}

function isForTheBrowser({ parent }) {
  if (!parent || !ts.isCallExpression(parent)) return false;
  const called = parent.expression;
  return ts.isPropertyAccessExpression(called) && FOR_THE_BROWSER.has(called.name.text);
}

test('no source of the page holds a text that a reader sees', () => {
  const names = readdirSync(SOURCES, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const sources = names.filter((name) => name.endsWith('.ts') && !OTHERS.test(name));
  assert.ok(sources.length > 50);
  const found = sources.flatMap((name) => findTexts(name, readFileSync(new URL(name, SOURCES), 'utf8')));
  assert.deepEqual(found, []);
});

test('a text is found wherever it stands', () => {
  const texts = [
    'html`<p>Nothing yet.</p>`',
    'html`<p>${count} of ${all}</p>`',
    'html`<button title="Close">${icon}</button>`',
    'html`<b>${isOn ? "on" : words.off}</b>`',
    'html`<input aria-label=${`Take back: ${says}`} />`',
    "this.said = 'Copied';",
    "const label = text ?? 'Copied';",
    "const name = 'Keys';",
    'const pasted = `<p class="one two">Nothing yet.</p>`;',
    'const pasted = `<img src="${address}" alt="Nothing yet" />`;',
    'const says = `at ${time}`;',
    "const rows = [['fault', 'A fault, or your hand']];",
  ];
  for (const text of texts) assert.equal(findTexts('a.ts', text).length, 1, text);
});

test('what is for the browser is no text', () => {
  const others = [
    "import { words } from './words.ts';",
    'html`<p class="why ${state}" ?hidden=${isOn}>${words.why}</p>`',
    'html`<b style="min-width: ${width}ch">${time}</b>`',
    'const pasted = `<iframe src="${address}" title="${title}" loading="lazy"></iframe>`;',
    "root.querySelector(':is(sf-card, sf-mirror):focus-within');",
    "if (event.key === 'Escape') close();",
    "const KEYS = { ArrowRight: 'step' };",
    'css`p { color: red; }`',
    'const path = `M${x} ${from}V${to}`;',
  ];
  for (const other of others) assert.deepEqual(findTexts('a.ts', other), [], other);
});
