/** A part of the page that the reader folds and unfolds, where whoever shows it remembers which. */
import { html, nothing, type TemplateResult } from 'lit';

export interface Fold {
  summary: TemplateResult;
  body: TemplateResult | TemplateResult[] | typeof nothing;
  isOpen: boolean;
  /** By what tests and styles find it, as `data-group`. */
  group?: string;
  choose: (isOpen: boolean) => void;
}

/**
 * The press itself is told, and the browser does nothing by itself: its `toggle` comes a moment later, and a page that is left
 * in between would lose what was chosen. A browser that unfolds by itself, to show what was searched for, tells by `toggle` alone.
 */
export function fold({ summary, body, isOpen, group, choose }: Fold): TemplateResult {
  const onPress = (event: Event) => {
    event.preventDefault();
    choose(!isOpen);
  };
  const onToggle = (event: Event & { target: HTMLDetailsElement }) => {
    if (event.target.open !== isOpen) choose(event.target.open);
  };
  return html`<details data-group=${group ?? nothing} ?open=${isOpen} @toggle=${onToggle}>
    <summary @click=${onPress}>${summary}</summary>
    ${body}
  </details>`;
}
