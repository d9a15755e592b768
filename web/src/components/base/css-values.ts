/** Custom properties of an element, set one by one: a `style` attribute would break a strict `style-src`. */
import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

type Values = Readonly<Record<`--${string}`, number>>;

class CssValues extends Directive {
  render(_values: Values): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [values]: [Values]): typeof noChange {
    if (!(element instanceof HTMLElement)) return noChange;
    for (const [name, value] of Object.entries(values)) element.style.setProperty(name, String(value));
    return noChange;
  }
}

/** In a tag: what the style sheet reads as `var(--name)`. */
export const cssValues = directive(CssValues);
