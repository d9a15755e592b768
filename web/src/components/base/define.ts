/** Registers a component, and lets it speak to those around it. */
import {
  unsafeCSS,
  type CSSResult,
  type CSSResultGroup,
  type CSSResultOrNative,
  type LitElement,
} from 'lit';
import { paced } from './paced.ts';
import { sheetFor } from './sheets.ts';
import { inOwnUnit } from './unit.ts';

type Component = typeof LitElement;

/** Registers an element, unless another copy of Slowfire on the same page did. */
export function define(name: string, element: Component): void {
  if (customElements.get(name)) return;
  if (element.styles !== undefined) element.styles = ownUnits(element.styles);
  dressElsewhere(element);
  paced(element);
  customElements.define(name, element);
}

/** How Lit makes an element's shadow root. */
interface Rooted {
  createRenderRoot: (this: LitElement) => Element | DocumentFragment;
}

/** Lit makes one sheet for all documents; a figure may stand in another one than its script's. */
function dressElsewhere(element: Component): void {
  const prototype = element.prototype as unknown as Rooted;
  const createHere = prototype.createRenderRoot;
  prototype.createRenderRoot = function create() {
    if (this.ownerDocument === document) return createHere.call(this);
    const root = this.shadowRoot ?? this.attachShadow(element.shadowRootOptions);
    root.adoptedStyleSheets = element.elementStyles.map((style) =>
      sheetFor(this.ownerDocument, rulesOf(style)),
    );
    return root;
  };
}

function rulesOf(style: CSSResultOrNative): string {
  if (!(style instanceof CSSStyleSheet)) return style.cssText;
  return [...style.cssRules].map(({ cssText }) => cssText).join('');
}

/** Sheets that components share stay shared. */
const converted = new WeakMap<CSSResult, CSSResult>();

function ownUnits(styles: CSSResultGroup): CSSResultGroup {
  if (Array.isArray(styles)) return styles.map(ownUnits);
  if (styles instanceof CSSStyleSheet) return styles;
  const known = converted.get(styles) ?? unsafeCSS(inOwnUnit(styles.cssText));
  converted.set(styles, known);
  converted.set(known, known);
  return known;
}

/**
 * Tells whoever placed a component what the reader asked for. Other people's pages have events of the same names, and may
 * listen before anybody else does: each of our elements around the component is told of its own, in its own tree, and whatever
 * is around the outermost of them hears nothing.
 */
export function emit(source: Element, type: string, detail: unknown): void {
  for (const element of [source, ...hostsOf(source)]) {
    element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

/** Our elements around one, from the innermost on. */
function hostsOf(element: Element): Element[] {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot) || !root.host.localName.startsWith('sf-')) return [];
  return [root.host, ...hostsOf(root.host)];
}
