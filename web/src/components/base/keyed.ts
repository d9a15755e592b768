/**
 * The children of a list, each an element that stays with its key: what has the focus keeps it while others come and go.
 *
 * lit's own `repeat` does that too, but since lit-html 3.3.1 leaves a comment behind for each entry that goes: a list that
 * changes for an hour would hold hundreds of thousands.
 */
import { noChange, render, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

type Key = string | number;

interface Entry {
  key: Key;
  content: TemplateResult;
}

class Keyed extends Directive {
  #children = new Map<Key, HTMLElement>();

  render(_entries: readonly Entry[]): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [entries]: [readonly Entry[]]): typeof noChange {
    const before = this.#children;
    this.#children = new Map(
      entries.map(({ key }) => [key, before.get(key) ?? document.createElement('li')]),
    );
    for (const [gone, child] of before) if (!this.#children.has(gone)) child.remove();
    let place = element.firstElementChild;
    for (const { key, content } of entries) {
      const child = this.#children.get(key);
      if (!child) continue;
      render(content, child);
      // What stands where it belongs is left alone: an element that moves loses the focus.
      if (child === place) place = place.nextElementSibling;
      else element.insertBefore(child, place);
    }
    return noChange;
  }
}

const keyedDirective = directive(Keyed);

/** In the tag of a list that has no other children: one `li` per entry. Keys are unique. */
export function keyed<T>(of: readonly T[], key: (entry: T) => Key, content: (entry: T) => TemplateResult) {
  return keyedDirective(of.map((entry) => ({ key: key(entry), content: content(entry) })));
}
