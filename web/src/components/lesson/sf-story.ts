/** The lesson beside the figure: a step at a time, each at its moment of the run. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { StoryStep } from '../../core/index.ts';
import { moment } from '../base/format.ts';
import { blocks } from './markdown.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, headings } from '../base/shared.ts';

/** Sends `tell` with a step's place, from 0, to see its moment; without one back at the summary. */
export class SfStory extends LitElement {
  static override properties = {
    summary: { type: String },
    steps: { attribute: false },
    place: { state: true },
  };

  static override styles = [
    base,
    buttons,
    headings,
    css`
      .head {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        margin-bottom: var(--space-1);
      }
      h2 {
        flex: 1;
      }
      .head button {
        min-width: 2rem;
        min-height: 1.75rem;
        padding: 0;
      }
      .head .next {
        gap: 0;
        padding-inline-start: var(--space-2);
        color: var(--accent);
        font-weight: 600;
      }
      .head button:disabled {
        color: var(--line);
        cursor: default;
      }
      .count {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .text {
        /* Room for most steps, so that nothing below moves from one to the next. */
        min-height: var(--story, 7.25rem);
        font-family: var(--serif);
        font-size: var(--story-size, var(--text-l));
        line-height: 1.4;
        text-wrap: pretty;
      }
      .text > * + :is(p, ul, ol) {
        margin-top: var(--space-2);
      }
      .text :is(ul, ol) {
        padding-inline-start: 1.25em;
        list-style: revert;
      }
      code {
        font-size: 0.875em;
      }
      .never {
        color: var(--muted);
        font-family: var(--font);
        font-size: var(--text-s);
      }
      .moment {
        min-height: 1.5rem;
        padding: 0;
        color: var(--accent);
        font-family: var(--font);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
    `,
  ];

  declare summary: string;
  declare steps: StoryStep[];
  /** 0 is the lab's summary. */
  declare place: number;

  constructor() {
    super();
    this.place = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('summary')) this.place = 0;
  }

  protected override render() {
    const count = this.steps.length;
    const step = this.steps[this.place - 1];
    return html`
      <section aria-labelledby="name">
        <div class="head">
          <h2 id="name">Story</h2>
          ${count > 0 ? this.#turning(count) : nothing}
        </div>
        <div class="text" aria-live="polite">
          ${blocks(step?.markdown ?? this.summary)} ${step ? this.#moment(step) : nothing}
        </div>
      </section>
    `;
  }

  #turning(count: number): TemplateResult {
    return html`
      <button
        aria-label="Previous step"
        title="Previous step"
        ?disabled=${this.place === 0}
        @click=${() => this.#go(this.place - 1)}
      >
        ${icons.before}
      </button>
      <span class="count">${this.place} of ${count}</span>
      <button
        aria-label="Next step"
        title="Next step"
        class="next"
        ?disabled=${this.place === count}
        @click=${() => this.#go(this.place + 1)}
      >
        Next${icons.after}
      </button>
    `;
  }

  #moment({ at_ms }: StoryStep): TemplateResult {
    if (at_ms === null) return html`<p class="never">In this run that does not happen.</p>`;
    return html`<button class="moment" @click=${() => this.#go(this.place)}>
      <span class="unseen">Show the moment,</span>at ${moment(at_ms)}
    </button>`;
  }

  #go(place: number): void {
    this.place = place;
    emit(this, 'tell', place === 0 ? undefined : place - 1);
  }
}

define('sf-story', SfStory);

declare global {
  interface HTMLElementTagNameMap {
    'sf-story': SfStory;
  }
}
