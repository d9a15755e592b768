/**
 * The figure's caption: what happened last, or the step of the story that stands for it; where a check breaks, what broke;
 * where the run stopped before its time, why.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { LogEntry, ShownVerdict, StoryStep } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { define } from '../base/define.ts';
import { base, byValue } from '../base/shared.ts';
import { inline } from '../lesson/markdown.ts';

/** So much time a sentence has to be spoken before the next one, while the run plays. */
const CALM_MS = 4000;

/** In `--lines` lines, which are always there. A screen reader hears each new sentence; while the run plays, as many as can be followed. */
class SfCaption extends LitElement {
  static override properties = {
    entry: byValue,
    step: byValue,
    broken: byValue,
    stopped: {},
    playing: { type: Boolean },
  };

  static override styles = [
    base,
    css`
      p {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-3);
        min-height: calc(var(--lines, 1) * 1lh);
        font-family: var(--serif);
        font-size: var(--caption, var(--text-m));
        line-height: var(--leading, 1.4);
      }
      .when {
        color: var(--muted);
      }
      .broken,
      .stopped {
        color: var(--danger);
      }
      .what {
        display: -webkit-box;
        overflow: hidden;
        max-height: calc(var(--lines, 1) * 1lh);
        -webkit-box-orient: vertical;
        -webkit-line-clamp: var(--lines, 1);
        line-clamp: var(--lines, 1);
      }
      .whole {
        grid-column: 1 / -1;
      }
    `,
  ];

  declare entry: LogEntry | undefined;
  /** What is told instead. Who has the page read out hears it from the story. */
  declare step: StoryStep | undefined;
  /** The verdict that turned at this very moment. The verdicts say it to whoever has the page read out. */
  declare broken: ShownVerdict | undefined;
  /** Why the run has stopped, in a sentence that says when. */
  declare stopped: string | null;
  declare playing: boolean;

  #spoken = '';
  #spokenAt = -Infinity;

  protected override willUpdate(): void {
    const now = performance.now();
    if (this.playing && !this.stopped && now - this.#spokenAt < CALM_MS) return;
    const sentence = this.stopped ?? this.entry?.sentence ?? '';
    if (sentence === this.#spoken) return;
    this.#spoken = sentence;
    this.#spokenAt = now;
  }

  protected override render() {
    return html`
      ${this.#told()}
      <div class="unseen" role="status">${this.#spoken}</div>
    `;
  }

  #told(): TemplateResult {
    const { broken, entry, step, stopped } = this;
    if (stopped)
      return html`<p class="stopped" title=${stopped}><span class="what whole">${unbroken(stopped)}</span></p>`;
    const isStep = !broken && step !== undefined;
    const sentence = broken?.sentence ?? step?.markdown ?? entry?.sentence;
    const when = broken?.at_ms ?? step?.at_ms ?? entry?.time_ms;
    return html`<p class=${broken ? 'broken' : isStep ? 'step' : ''} title=${isStep ? nothing : (sentence ?? nothing)}>
      ${
        sentence === undefined || when === undefined
          ? nothing
          : html`<span class="when">${moment(when)}</span>
              <span class="what">${isStep ? inline(sentence) : unbroken(sentence)}</span>`
      }
    </p>`;
  }
}

define('sf-caption', SfCaption);

declare global {
  interface HTMLElementTagNameMap {
    'sf-caption': SfCaption;
  }
}
