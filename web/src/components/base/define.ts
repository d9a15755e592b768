/** Registers an element, unless another copy of Slowfire on the same page did. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** Tells whoever placed a component what the reader asked for. */
export function emit(source: EventTarget, type: string, detail: unknown): void {
  source.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}
