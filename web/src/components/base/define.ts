/** Registers a component, and lets it speak to those around it. */
import { unsafeCSS, type CSSResult, type CSSResultGroup, type LitElement } from 'lit';
import { inOwnUnit } from './unit.ts';

type Component = typeof LitElement;

/** Registers an element, unless another copy of Slowfire on the same page did. */
export function define(name: string, element: Component): void {
  if (customElements.get(name)) return;
  if (element.styles !== undefined) element.styles = ownUnits(element.styles);
  customElements.define(name, element);
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
 * Tells whoever placed a component what the reader asked for. Other people's pages have events of the same names: it goes
 * no further than the outermost of our elements.
 */
export function emit(source: Element, type: string, detail: unknown): void {
  const border = outermost(source);
  const stop = (event: Event) => event.stopPropagation();
  border.addEventListener(type, stop);
  source.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  border.removeEventListener(type, stop);
}

function outermost(element: Element): Element {
  const root = element.getRootNode();
  const isInside = root instanceof ShadowRoot && isOurs(root.host);
  return isInside ? outermost(root.host) : element;
}

function isOurs({ localName }: Element): boolean {
  return localName.startsWith('sf-') || localName === 'slow-fire';
}
