/** The logs of the servers: as boxes, and as a list for who does not see them. */
import { html, type TemplateResult } from 'lit';
import { define } from '../base/define.ts';
import { SfPicture } from './sf-picture.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

class SfLogs extends SfPicture {
  static override properties = {
    ...SfPicture.properties,
    lines: { state: true },
  };

  declare lines: string[];

  #readAt = -Infinity;

  constructor() {
    super();
    this.lines = [];
  }

  protected override willUpdate(): void {
    const now = performance.now();
    if (this.playing && now - this.#readAt < CALM_MS) return;
    this.#readAt = now;
    this.lines = this.pictures.logs();
  }

  protected override render(): TemplateResult {
    const lines = this.lines.length === 0 ? [words.logs.none] : this.lines;
    return html`
      ${super.render()}
      <div class="unseen">
        <h2 id="logs">${words.logs.label}</h2>
        <ul aria-labelledby="logs">
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </div>
    `;
  }
}

define('sf-logs', SfLogs);

declare global {
  interface HTMLElementTagNameMap {
    'sf-logs': SfLogs;
  }
}
