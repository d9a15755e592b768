/** The lesson beside the figure: a step at a time, each at its moment of the run. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { StoryStep } from '../../core/index.ts';
import { moment } from '../../format.ts';
import { blocks } from './markdown.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, byValue, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `tell` with the place of a step, from 0, and `further` for what comes after the last one. What it holds stands in its head. */
export class SfStory extends LitElement {
  static override properties = {
    summary: { type: String },
    steps: { attribute: false },
    room: byValue,
    place: { type: Number },
    never: { type: Boolean },
    coming: { attribute: false },
    pointsAt: { type: String },
    perspective: { type: String },
    further: { type: Boolean },
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
        /* With and without its buttons. */
        min-height: 1.75rem;
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
      /* As wide whatever it says, so that the way back keeps its place. */
      .next > span {
        display: grid;
        justify-items: end;
      }
      .next > span > span {
        grid-area: 1 / 1;
      }
      .next [hidden] {
        display: block;
        visibility: hidden;
      }
      .head [aria-disabled='true'] {
        color: var(--line);
        cursor: default;
      }
      .count {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .summary {
        margin-bottom: var(--space-3);
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.35;
        text-wrap: pretty;
      }
      @media (min-width: 60em) and (max-height: 56em) {
        .summary {
          margin-bottom: var(--space-2);
          font-size: var(--text-s);
        }
        :is(.when, .moment) {
          height: 1.25rem;
        }
      }
      /* All steps lie in one place, so that it is as high as the longest, and nothing below it ever moves. */
      .steps {
        display: grid;
        padding-inline-start: var(--space-3);
        border-inline-start: 3px solid var(--accent);
      }
      .text {
        display: block;
        grid-area: 1 / 1;
        font-family: var(--serif);
        font-size: var(--story-size, var(--text-l));
        line-height: 1.4;
        text-wrap: pretty;
      }
      .coming {
        color: var(--muted);
      }
      .text[hidden] {
        visibility: hidden;
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
      .when {
        height: 1.5rem;
        color: var(--muted);
        font-family: var(--font);
        font-size: var(--text-s);
      }
      .seen {
        display: flex;
        gap: var(--space-4);
        align-items: center;
      }
      /* A sample of the picture's halo. */
      .points::before {
        display: inline-block;
        width: 0.625rem;
        height: 0.625rem;
        margin-inline-end: 0.4375rem;
        border-radius: 50%;
        border: 1px solid var(--ink);
        outline: 0.1875rem solid color-mix(in srgb, var(--accent) 35%, transparent);
        content: '';
      }
      .moment {
        height: 1.5rem;
        min-height: 0;
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
  /** All that may be told of any run: the place is as high as the longest. */
  declare room: string[];
  /** Which step is told, from 0. */
  declare place: number;
  /** Whether its moment does not come in this run. */
  declare never: boolean;
  /** Of a step that is told before it happens: when it does, or null where that is not known yet. */
  declare coming: number | null | undefined;
  /** What the step that is told points at in the picture. */
  declare pointsAt: string | undefined;
  /** The node in whose perspective the run is seen: it knows nothing of most of what the story tells. */
  declare perspective: string | undefined;
  /** Whether anything comes after the last step. */
  declare further: boolean;

  protected override render() {
    const count = this.steps.length;
    return html`
      <section aria-labelledby="name">
        <div class="summary">${blocks(this.summary)}</div>
        <div class="head">
          <h2 id="name">${words.story.label}</h2>
          <slot></slot>
          ${count > 0 && this.perspective === undefined ? this.#turning(count) : nothing}
        </div>
        <div class="steps">
          ${this.room.map((text) => html`<div class="text" hidden>${blocks(text)}<div class="when"></div></div>`)}
          ${this.steps.map((step, place) => this.#step(step, place))}
          ${this.perspective === undefined || count === 0 ? nothing : html`<div class="text coming">${words.story.unknown(this.perspective)}</div>`}
        </div>
      </section>
    `;
  }

  #step(step: StoryStep, place: number): TemplateResult {
    const isTold = place === this.place && this.perspective === undefined;
    return html`
      <div class="text ${isTold && this.coming !== undefined ? 'coming' : ''}" ?hidden=${!isTold} aria-live=${isTold ? 'polite' : 'off'}>
        ${blocks(step.markdown)} ${this.#moment(step, place)}
      </div>
    `;
  }

  #turning(count: number): TemplateResult {
    const { place } = this;
    return html`
      <button
        aria-label=${words.story.previous}
        title=${words.story.previousHint}
        aria-disabled=${place === 0}
        @click=${this.#goBack}
      >
        ${icons.before}
      </button>
      <span class="count">${words.story.place(place + 1, count)}</span>
      ${place + 1 < count ? this.#next() : this.further ? this.#further() : nothing}
    `;
  }

  #next(): TemplateResult {
    const { next, nextName, nextHint } = words.story;
    return this.#onward(next, nextName, nextHint);
  }

  #further(): TemplateResult {
    return this.#onward(words.story.further);
  }

  /** One button for all steps and what follows them: it has the focus of whoever goes through them. */
  #onward(text: string, name?: string, title?: string): TemplateResult {
    return html`<button
      aria-label=${name ?? text}
      title=${title ?? nothing}
      class="next"
      @click=${this.#goOn}
    >
      <span><span>${text}</span>${[words.story.next, words.story.further].map((each) => html`<span hidden aria-hidden="true">${each}</span>`)}</span>${icons.after}
    </button>`;
  }

  #goOn(): void {
    const next = this.place + 1;
    if (next < this.steps.length) emit(this, 'tell', next);
    else emit(this, 'further', undefined);
  }

  #goBack(): void {
    if (this.place > 0) emit(this, 'tell', this.place - 1);
  }

  /** The line keeps its height while the moment is still to come. */
  #moment({ at_ms }: StoryStep, place: number): TemplateResult {
    return html`<div class="when ${at_ms === null ? '' : 'seen'}">
      ${
        at_ms === null
          ? place === this.place
            ? this.#unseen()
            : nothing
          : html`<button class="moment" aria-label=${words.story.showMoment(moment(at_ms))} @click=${() => emit(this, 'tell', place)}>
              ${words.time.at(moment(at_ms))}
            </button>
            ${place === this.place && this.pointsAt ? html`<span class="points">${words.story.pointsAt(this.pointsAt)}</span>` : nothing}`
      }
    </div>`;
  }

  /** Of the step that is told, and has not happened. */
  #unseen(): string | typeof nothing {
    if (this.coming === null) return words.story.coming;
    if (this.coming !== undefined) return words.story.comingAt(moment(this.coming));
    return this.never ? words.story.never : nothing;
  }
}

define('sf-story', SfStory);

declare global {
  interface HTMLElementTagNameMap {
    'sf-story': SfStory;
  }
}
