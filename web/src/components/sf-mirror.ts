/** What the canvas shows, as lists for a screen reader. */
import { LitElement, html } from 'lit';
import type { MessageState, NodeState, State } from '../core/index.ts';
import { moment } from '../format.ts';
import { define } from './define.ts';
import { base } from './shared.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

const FATES = { travelling: '', dying: ', being lost', duplicate: ', a duplicate' } as const;

export class SfMirror extends LitElement {
  static override properties = {
    state: { attribute: false },
    playing: { type: Boolean },
  };

  static override styles = base;

  declare state: State;
  declare playing: boolean;

  #updatedAt = -Infinity;

  protected override shouldUpdate(): boolean {
    return !this.playing || performance.now() - this.#updatedAt >= CALM_MS;
  }

  protected override render() {
    this.#updatedAt = performance.now();
    const { nodes, messages, time_ms } = this.state;
    const names = new Map(nodes.map(({ id, name }) => [id, name]));
    return html`
      <div class="unseen">
        <p>The picture at ${moment(time_ms)}</p>
        <h2 id="nodes">Nodes</h2>
        <ul aria-labelledby="nodes">
          ${nodes.map((node) => html`<li>${nodeText(node)}</li>`)}
        </ul>
        <h2 id="messages">Messages in flight</h2>
        <ul aria-labelledby="messages">
          ${
            messages.length > 0
              ? messages.map((message) => html`<li>${messageText(message, names)}</li>`)
              : html`<li>None</li>`
          }
        </ul>
      </div>
    `;
  }
}

function nodeText({ name, role, status, wall_clock, offset, beliefs }: NodeState): string {
  const clock = `its clock says ${wall_clock} (${offset})`;
  return [`${name}, ${role}: ${status}`, clock, ...beliefs].join('; ');
}

function messageText(message: MessageState, names: Map<string, string>): string {
  const { label, from, to, progress, fate } = message;
  const way = `${label} from ${names.get(from) ?? from} to ${names.get(to) ?? to}`;
  return `${way}, ${Math.round(100 * progress)}% of the way${FATES[fate]}`;
}

define('sf-mirror', SfMirror);

declare global {
  interface HTMLElementTagNameMap {
    'sf-mirror': SfMirror;
  }
}
