/** What is known of the node, message, link or event that was picked, and what can be done with it. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CardDeed, EventCard, LinkCard, MessageCard, NodeCard } from '../../core/index.ts';
import { moment } from '../base/format.ts';
import type { Card } from '../../session/pictures/selection.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';

type Fact = [name: string, value: string | TemplateResult];

const CUTS = {
  open: 'open',
  dropped: 'cut: what is sent is lost',
  held: 'cut: what is sent waits',
} as const;

/** Sends `act` with deeds, `select` with another thing or nothing, and `seek`. */
class SfCard extends LitElement {
  static override properties = {
    card: { attribute: false },
    current: { type: Boolean },
    names: { attribute: false },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        overflow: auto;
        padding: var(--space-3) var(--space-4) var(--space-4);
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        box-shadow: 0 4px 20px rgb(0 0 0 / 14%);
        font-size: var(--text-s);
        overscroll-behavior: contain;
        scrollbar-width: thin;
      }
      /* It takes the focus as a whole, and shows it by being there. */
      [role='dialog'] {
        outline: none;
        display: grid;
        gap: var(--space-3);
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
      }
      h2 {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 1.3;
      }
      .kind {
        flex: 1;
        color: var(--muted);
      }
      .head button {
        align-self: start;
        min-width: 1.75rem;
        min-height: 1.75rem;
        margin: -0.25rem -0.5rem 0 0;
        padding: 0;
      }
      .says {
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: var(--space-1) var(--space-3);
        line-height: 1.4;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      h3 {
        margin: 0 0 var(--space-1);
        color: var(--muted);
        font-size: inherit;
        font-weight: 600;
      }
      .deeds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .deeds button {
        min-height: 2rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line);
      }
      .deeds button:hover {
        border-color: var(--accent);
        background: none;
        color: var(--accent);
      }
      .gone {
        color: var(--muted);
        font-style: italic;
      }
      .lead {
        min-height: 1.5rem;
        padding: 0;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      @media (pointer: coarse) {
        .deeds button {
          min-height: 2.5rem;
        }
      }
    `,
  ];

  declare card: Card;
  /** Whether the moment still has what the card is about. */
  declare current: boolean;
  /** The nodes' names by their ids. */
  declare names: Map<string, string>;

  #hadFocus = false;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[role=dialog]')?.focus();
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return !(changed.size === 1 && changed.has('names'));
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.matches(':focus-within');
  }

  /** A deed that was done may be offered no longer: the focus stays where the reader works. */
  protected override updated(): void {
    if (this.#hadFocus && !this.matches(':focus-within')) this.focus();
  }

  protected override render() {
    return html`<div role="dialog" aria-labelledby="title" tabindex="-1">${this.#content()}</div>`;
  }

  #content(): TemplateResult {
    const { card } = this;
    switch (card.kind) {
      case 'node':
        return this.#node(card.card);
      case 'message':
        return this.#message(card.card);
      case 'link':
        return this.#link(card.card);
      case 'event':
        return this.#event(card.card);
    }
  }

  #head(title: string, kind: string): TemplateResult {
    return html`<div class="head">
      <h2 id="title">${title}</h2>
      <span class="kind">${kind}</span>
      <button aria-label="Close" title="Close (escape)" @click=${() => emit(this, 'select', undefined)}>
        ${icons.close}
      </button>
    </div>`;
  }

  #node(node: NodeCard): TemplateResult {
    const facts: Fact[] = [
      ['State', stateOf(node)],
      ['Wall clock', `${node.wall_clock}${node.offset ? ` (${node.offset})` : ''}`],
      ['Monotonic', node.monotonic_clock],
      ...(node.limp === 1 ? [] : [['Speed', `${Number(node.limp.toPrecision(2))} times slower`] as Fact]),
      ...(node.inbox === 0 ? [] : [['Inbox', `${node.inbox} waiting`] as Fact]),
      ...(node.unsynced_writes === 0 ? [] : [['Disk', `${node.unsynced_writes} not yet durable`] as Fact]),
      ...node.state.map(({ name, value }): Fact => [name, value]),
      ...node.timers.map(({ says, due_in_ms }): Fact => ['Timer', `${says}, in ${moment(due_in_ms)}`]),
    ];
    return html`
      ${this.#head(node.name, node.role)}
      ${
        node.status === 'crashed'
          ? html`<p class="gone">It is down: it does nothing and knows nothing until it restarts.</p>`
          : nothing
      }
      ${
        node.beliefs.length > 0 && node.status !== 'crashed'
          ? html`<div class="says">${node.beliefs.map((belief) => html`<p>“${belief}”</p>`)}</div>`
          : nothing
      }
      ${factsOf(facts)}
      ${
        node.operations.length > 0
          ? html`<div>
            <h3>Ask it to</h3>
            <div class="deeds">
              ${node.operations.map(({ name, does, deed }) => this.#button(name, deed, does))}
            </div>
          </div>`
          : nothing
      }
      <div>
        <h3>What you can do to it</h3>
        ${this.#deeds(node.deeds)}
      </div>
    `;
  }

  #message(message: MessageCard): TemplateResult {
    const facts: Fact[] = [
      ['From', this.#name(message.from)],
      ['To', this.#name(message.to)],
      ['Sent', `at ${moment(message.sent_ms)}`],
      ['Due', `at ${moment(message.due_ms)}`],
      ['Fate', message.fate],
      ...(message.cause === '' ? [] : [['Because', message.cause] as Fact]),
    ];
    const marks = [message.is_duplicate ? 'a duplicate' : '', message.is_corrupted ? 'corrupted' : ''];
    return html`
      ${this.#head(message.label, ['message', ...marks].filter(Boolean).join(', '))}
      ${message.says === '' ? nothing : html`<p class="says">${message.says}</p>`}
      ${factsOf(facts)}
      ${this.current ? this.#deeds(message.deeds) : html`<p class="gone">It is no longer in flight.</p>`}
    `;
  }

  #link(link: LinkCard): TemplateResult {
    return html`
      ${this.#head(`${this.#name(link.from)} – ${this.#name(link.to)}`, 'link')}
      ${factsOf([
        ['State', CUTS[link.cut]],
        ['Latency', link.latency],
        ['Jitter', link.jitter],
        ['Loss', link.loss],
      ])}
      ${this.#deeds(link.deeds)}
    `;
  }

  #event(event: EventCard): TemplateResult {
    const { cause, effects } = event;
    const select = (id: number) => () => emit(this, 'select', { kind: 'event', id });
    return html`
      ${this.#head(moment(event.time_ms), `event at ${this.#name(event.node)}`)}
      <p class="says">${event.sentence}</p>
      ${factsOf([
        [
          'Because of',
          cause === null
            ? 'nothing in the run'
            : html`<button class="lead" @click=${select(cause)}>its cause</button>`,
        ],
        [
          'Led to',
          effects.length === 0
            ? 'nothing so far'
            : html`${effects.map(
                (id, at) => html`<button class="lead" @click=${select(id)}>effect ${at + 1}</button> `,
              )}`,
        ],
      ])}
      <div class="deeds">
        <button @click=${() => emit(this, 'seek', event.time_ms)}>Go to this moment</button>
      </div>
    `;
  }

  #name(id: string): string {
    return this.names.get(id) ?? id;
  }

  #deeds(deeds: CardDeed[]): TemplateResult {
    return html`<div class="deeds">
      ${deeds.map(({ label, deed }) => this.#button(label, deed))}
    </div>`;
  }

  #button(label: string, deed: string, title?: string): TemplateResult {
    return html`<button title=${title ?? nothing} @click=${() => emit(this, 'act', [deed])}>
      ${label}
    </button>`;
  }
}

/** A leader's badge mostly says itself that it leads. */
function stateOf({ status, leads, badge }: NodeCard): string {
  const office = leads && !badge.startsWith('leads') ? 'leads' : '';
  return [status, office, badge].filter(Boolean).join(', ');
}

function factsOf(facts: Fact[]): TemplateResult {
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

define('sf-card', SfCard);

declare global {
  interface HTMLElementTagNameMap {
    'sf-card': SfCard;
  }
}
