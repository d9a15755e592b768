/** The logs of the servers: as boxes that can be moved along, and as a list for who does not see them. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { LogColumns } from '../../core/index.ts';
import { define } from '../base/define.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import * as icons from '../base/icons.ts';
import { buttons } from '../base/shared.ts';
import { SfPicture, type Place } from './sf-picture.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

export class SfLogs extends SfPicture {
  static override properties = {
    ...SfPicture.properties,
    lines: { state: true },
    columns: { state: true },
  };

  static override styles = [
    ...SfPicture.styles,
    buttons,
    css`
      sf-stage {
        cursor: grab;
      }
      /* In the corner between the names and the indices. */
      .tools {
        position: absolute;
        inset: 0 auto auto 0;
        display: flex;
      }
      .tools button {
        min-width: 1.5rem;
        min-height: 1.5rem;
        padding: 0;
        justify-content: center;
      }
    `,
  ];

  declare lines: string[];
  /** Which indices are in sight, if it is known. */
  declare columns: LogColumns | undefined;

  #readAt = -Infinity;
  /** What has been moved of the next column. */
  #rest = 0;

  constructor() {
    super();
    this.lines = [];
    new KeepsFocus(this);
    this.addEventListener('wheel', this.#wheel, { passive: false });
  }

  protected override willUpdate(): void {
    const now = performance.now();
    if (this.playing && now - this.#readAt < CALM_MS) return;
    this.#readAt = now;
    this.lines = this.pictures.logs();
    this.columns = this.#columnsNow();
  }

  /** How wide it is, is known from then on. */
  protected override firstUpdated(): void {
    this.columns = this.#columnsNow();
  }

  protected override render(): TemplateResult {
    const lines = this.lines.length === 0 ? [words.logs.none] : this.lines;
    return html`
      ${super.render()} ${this.columns && this.columns.latest > 1 ? this.#tools(this.columns) : nothing}
      <div class="unseen">
        <h2 id="logs">${words.logs.label}</h2>
        <ul aria-labelledby="logs">
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </div>
    `;
  }

  #tools({ first, count, latest }: LogColumns): TemplateResult {
    const { earlier, later, latest: follow } = words.logs;
    const page = Math.max(1, count - 1);
    return html`
      <div class="tools">
        <button aria-label=${earlier} title=${earlier} ?disabled=${first <= 1} @click=${() => this.#move(-page)}>${icons.before}</button>
        <button aria-label=${later} title=${later} ?disabled=${first >= latest} @click=${() => this.#move(page)}>${icons.after}</button>
        ${this.look.first_index === null ? nothing : html`<button aria-label=${follow} title=${follow} @click=${() => this.#show(null)}>${icons.skip}</button>`}
      </div>
    `;
  }

  protected override dragged(_start: Place, last: Place, at: Place): void {
    this.#pan(last.x - at.x);
  }

  /** A plain wheel scrolls the page; sideways it moves the logs, also where they end: the browser would leave the page. */
  #wheel(event: WheelEvent): void {
    if (Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    this.#pan(event.deltaX);
  }

  #pan(pixels: number): void {
    const width = this.#columnsNow()?.width;
    if (width === undefined) return;
    const moved = this.#rest + pixels / width;
    this.#rest = moved % 1;
    this.#move(Math.trunc(moved));
  }

  #move(by: number): void {
    const now = this.#columnsNow();
    if (!now || by === 0) return;
    const first = Math.min(Math.max(now.first + by, 1), now.latest);
    this.#show(first === now.latest ? null : first);
    // What a check names would be brought into sight again.
    if (this.#columnsNow()?.first !== first) this.#show(first);
  }

  /** Shows the logs from this index on, or the latest. */
  #show(first: number | null): void {
    this.pictures.show({ first_index: first });
    this.look = this.pictures.look;
    this.paint();
    this.columns = this.#columnsNow();
  }

  #columnsNow(): LogColumns | undefined {
    const { width, height } = this.getBoundingClientRect();
    return width === 0 ? undefined : this.pictures.logColumns(width, height);
  }
}

define('sf-logs', SfLogs);

declare global {
  interface HTMLElementTagNameMap {
    'sf-logs': SfLogs;
  }
}
