/**
 * The figure's caption: what happened last, or the step of the story that stands for it; where a check breaks, what broke;
 * where the run stopped before its time, why; where it rests at its end, what came of it.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { LogEntry, ShownVerdict, StoryStep } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { define } from '../base/define.ts';
import { base, byValue } from '../base/shared.ts';
import { inline } from '../lesson/markdown.ts';

/** Longer sentences are written smaller. */
const LONG = 80;
/** So much time a sentence has to be spoken before the next one, while the run plays. */
const CALM_MS = 4000;

/** In `--lines` lines, which are always there. A screen reader hears each new sentence; while the run plays, as many as can be followed. */
class SfCaption extends LitElement {
  static override properties = {
    entry: byValue,
    step: byValue,
    broken: byValue,
    stopped: {},
    ending: {},
    playing: { type: Boolean },
  };

  static override styles = [
    base,
    css`
      /* As high as whatever it may say. */
      :host {
        --height: max(
          var(--lines, 1) * var(--leading, 1.4) * var(--caption, var(--text-m)),
          2 * var(--leading, 1.2) * var(--text-s)
        );
      }
      p {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-3);
        min-height: var(--height);
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
      /* It is there in whole, in smaller letters. */
      .long {
        --lines: var(--long-lines, 2);
        font-size: var(--text-s);
        line-height: var(--leading, 1.2);
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
  /** What has come of the run, where it rests at its end. */
  declare ending: string | undefined;
  declare playing: boolean;

  #spoken = '';
  #spokenAt = -Infinity;

  protected override willUpdate(): void {
    const now = performance.now();
    if (this.playing && !this.stopped && now - this.#spokenAt < CALM_MS) return;
    const sentence = this.stopped ?? this.ending ?? this.entry?.sentence ?? '';
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
    const { broken, ending, entry, step, stopped } = this;
    if (stopped) return this.#whole('stopped', stopped);
    if (broken) return this.#at(broken.at_ms, broken.sentence, 'broken');
    if (ending !== undefined) return this.#whole('ending', ending);
    if (step) return html`<p class="step"><span class="what whole">${inline(step.markdown)}</span></p>`;
    return entry ? this.#at(entry.time_ms, entry.sentence) : html`<p></p>`;
  }

  #whole(kind: string, sentence: string): TemplateResult {
    return html`<p class=${kind} title=${sentence}><span class="what whole">${unbroken(sentence)}</span></p>`;
  }

  #at(ms: number | null, sentence: string, kind = ''): TemplateResult {
    return html`<p class="${kind} ${sentence.length > LONG ? 'long' : ''}" title=${sentence}>
      <span class="when">${ms === null ? nothing : moment(ms)}</span>
      <span class="what">${unbroken(sentence)}</span>
    </p>`;
  }
}

define('sf-caption', SfCaption);

declare global {
  interface HTMLElementTagNameMap {
    'sf-caption': SfCaption;
  }
}
