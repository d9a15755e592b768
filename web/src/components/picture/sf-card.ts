/** What is known of the node, message, link or event that was picked, and what can be done with it. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type {
  CardDeed,
  EventCard,
  LinkCard,
  MessageCard,
  NodeCard,
  NodeOperation,
  OperationArgument,
  UnseenCard,
} from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import type { Card } from '../../session/pictures/selection.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

type Fact = [name: string, value: string | TemplateResult];

/** Sends `act` with deeds, `select` with another thing or nothing, `seek`, and `toggle-fog`. */
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
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        box-shadow: 0 4px 20px rgb(0 0 0 / 14%);
        font-size: var(--text-s);
      }
      /* However much is known of a node, what can be done to it keeps its place. */
      :host([node]) {
        height: 28rem;
      }
      /* It takes the focus as a whole, and shows it by being there. */
      [role='dialog'] {
        outline: none;
        display: grid;
        grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
        min-height: 0;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4) var(--space-2);
      }
      .body,
      .foot {
        display: grid;
        align-content: start;
        gap: var(--space-3);
        overflow: auto;
        padding: 0 var(--space-4) var(--space-3);
        overscroll-behavior: contain;
        scrollbar-width: thin;
      }
      .foot {
        gap: var(--space-2);
        max-height: 16rem;
        border-top: 1px solid var(--hairline);
        padding-block: var(--space-2) var(--space-3);
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
      form,
      form span {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        min-height: 1.75rem;
      }
      select,
      input[type='number'] {
        min-height: 2rem;
        max-width: 6rem;
        font: inherit;
      }
      .deeds button {
        min-height: 2rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line);
      }
      /* A button whose words change moves no other one. */
      .foot .fixed {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-1) var(--space-2);
      }
      .fixed button {
        white-space: normal;
        line-height: 1.15;
      }
      button:disabled {
        color: var(--muted);
        cursor: default;
        opacity: 0.6;
      }
      .deeds button:not(:disabled):hover {
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
      @media (max-width: 59.99em) {
        .foot {
          max-height: 26svh;
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
    this.toggleAttribute('node', this.card.kind === 'node');
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
      case 'unseen':
        return this.#unseen(card.card);
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
      <button aria-label=${words.card.close} title=${words.card.closeHint} @click=${() => emit(this, 'select', undefined)}>
        ${icons.close}
      </button>
    </div>`;
  }

  #node(node: NodeCard): TemplateResult {
    const { card } = words;
    const facts: Fact[] = [
      [card.state, stateOf(node)],
      [card.wallClock, node.offset ? card.offBy(node.wall_clock, node.offset) : node.wall_clock],
      [card.monotonicClock, node.monotonic_clock],
      ...(node.limp === 1 ? [] : [[card.speed, card.slower(Number(node.limp.toPrecision(2)))] as Fact]),
      ...(node.inbox === 0 ? [] : [[card.inbox, card.waiting(node.inbox)] as Fact]),
      ...(node.unsynced_writes === 0 ? [] : [[card.disk, card.unsynced(node.unsynced_writes)] as Fact]),
      ...node.state.map(({ name, value }): Fact => [name, value]),
      ...node.timers.map(({ says, due_in_ms }): Fact => [
        card.timer,
        card.timerDue(says, moment(due_in_ms)),
      ]),
    ];
    return html`
      ${this.#head(node.name, node.role)}
      <div class="body" tabindex="0">
      ${node.status === 'crashed' ? html`<p class="gone">${card.isDown}</p>` : nothing}
      ${
        node.beliefs.length > 0 && node.status !== 'crashed'
          ? html`<div class="says">${node.beliefs.map((belief) => html`<p>${unbroken(card.quoted(belief))}</p>`)}</div>`
          : nothing
      }
      ${factsOf(facts)}
      </div>
      <div class="foot">
      ${
        node.operations.length > 0
          ? html`<div>
            <h3>${card.askIt}</h3>
            <div class="deeds">
              ${node.operations.map((operation) => this.#operation(operation))}
            </div>
          </div>`
          : nothing
      }
      <div>
        <h3>${card.deeds}</h3>
        <div class="deeds fixed">${this.#buttons(node.deeds)}</div>
      </div>
      </div>
    `;
  }

  /** A node in the fog: what is known of it, and how to see the rest. */
  #unseen(node: UnseenCard): TemplateResult {
    const { card, fog } = words;
    const facts: Fact[] = [
      [card.heard, node.heard],
      ...(node.taken_for === null ? [] : [[card.takenFor, node.taken_for] as Fact]),
      ...(node.last_said_ms === null
        ? []
        : [[card.lastSaid, card.saidAt(node.last_said, moment(node.last_said_ms))] as Fact]),
    ];
    return html`
      ${this.#head(node.name, node.role)}
      <div class="body">
      <p class="gone">${card.asKnown(node.own, node.name)}</p>
      ${factsOf(facts)}
      <p class="gone">${fog.rest(node.own)}</p>
      <div class="deeds"><button @click=${() => emit(this, 'toggle-fog', undefined)}>${fog.lift}</button></div>
      </div>
    `;
  }

  #message(message: MessageCard): TemplateResult {
    const { card } = words;
    const facts: Fact[] = [
      [card.from, this.#name(message.from)],
      [card.to, this.#name(message.to)],
      [card.sent, words.time.at(moment(message.sent_ms))],
      // What was to become of it is not what became of it.
      ...(this.current
        ? ([
            [card.due, words.time.at(moment(message.due_ms))],
            [card.fate, message.fate],
          ] as Fact[])
        : []),
      ...(message.cause === '' ? [] : [[card.because, message.cause] as Fact]),
    ];
    const kind = [
      card.message,
      ...(message.is_duplicate ? [card.duplicate] : []),
      ...(message.is_corrupted ? [card.corrupted] : []),
    ];
    return html`
      ${this.#head(message.label, words.list(kind))}
      <div class="body">
      ${message.says === '' ? nothing : html`<p class="says">${unbroken(message.says)}</p>`}
      ${factsOf(facts)}
      ${this.current ? this.#deeds(message.deeds) : html`<p class="gone">${card.isGone}</p>`}
      </div>
    `;
  }

  #link(link: LinkCard): TemplateResult {
    const { card } = words;
    return html`
      ${this.#head(card.between(this.#name(link.from), this.#name(link.to)), card.link)}
      <div class="body">
      ${factsOf([
        [card.state, card.cut[link.cut]],
        [card.latency, link.latency],
        [card.jitter, link.jitter],
        [card.loss, link.loss],
      ])}
      ${this.#deeds(link.deeds)}
      </div>
    `;
  }

  #event(event: EventCard): TemplateResult {
    const { card } = words;
    const { cause, effects, is_cause_unseen, are_effects_unseen } = event;
    const select = (id: number) => () => emit(this, 'select', { kind: 'event', id });
    return html`
      ${this.#head(moment(event.time_ms), card.event(this.#name(event.node)))}
      <div class="body">
      <p class="says">${unbroken(event.sentence)}</p>
      ${factsOf([
        [
          card.becauseOf,
          cause === null
            ? is_cause_unseen
              ? card.inFog
              : card.noCause
            : html`<button class="lead" @click=${select(cause)}>${card.cause}</button>`,
        ],
        [
          card.ledTo,
          effects.length === 0
            ? are_effects_unseen
              ? card.inFog
              : card.noEffects
            : html`${effects.map(
                (id, at) =>
                  html`<button class="lead" @click=${select(id)}>${card.effect(at + 1)}</button> `,
              )}`,
        ],
      ])}
      <div class="deeds">
        <button @click=${() => emit(this, 'seek', event.time_ms)}>${card.goTo}</button>
      </div>
      </div>
    `;
  }

  #name(id: string): string {
    return this.names.get(id) ?? id;
  }

  #deeds(deeds: CardDeed[]): TemplateResult {
    return html`<div class="deeds">${this.#buttons(deeds)}</div>`;
  }

  #buttons(deeds: CardDeed[]): TemplateResult[] {
    return deeds.map(({ label, deed }) => this.#button(label, deed));
  }

  #operation({ name, does, deed, takes }: NodeOperation): TemplateResult {
    if (takes.kind === 'nothing') return this.#button(name, deed, does);
    const ask = (event: SubmitEvent) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const chosen = new FormData(form).getAll('argument');
      form.reset();
      const argument = chosen.filter((one) => typeof one === 'string').join('');
      if (argument !== '') emit(this, 'act', [`${deed}=${argument}`]);
    };
    // What was chosen for one node is not asked of another.
    return html`${keyed(
      deed,
      html`<form @submit=${ask}>
        <button title=${does}>${name}</button>
        ${argumentOf(takes, words.card.argument(does))}
      </form>`,
    )}`;
  }

  #button(label: string, deed: string, title?: string): TemplateResult {
    return html`<button title=${title ?? nothing} ?disabled=${deed === ''} @click=${() => emit(this, 'act', [deed])}>
      ${label}
    </button>`;
  }
}

/** The controls for an operation's argument. The values of those that are chosen, one after the other, are its number. */
function argumentOf(takes: OperationArgument, label: string): TemplateResult {
  switch (takes.kind) {
    case 'nothing':
      return html``;
    case 'number':
      return html`<input type="number" name="argument" min="0" value="0" aria-label=${label}>`;
    case 'node':
      return html`<select name="argument" aria-label=${label}>
        ${takes.of.map((node, place) => html`<option value=${place + 1}>${node}</option>`)}
      </select>`;
    case 'nodes':
      return html`<span role="group" aria-label=${label}>
        ${takes.of.map(
          (node, place) =>
            html`<label><input type="checkbox" name="argument" value=${place + 1}>${node}</label>`,
        )}
      </span>`;
  }
}

/** A leader's badge mostly says itself that it leads. What a crashed node believed is gone. */
function stateOf({ status, leads, badge }: NodeCard): string {
  if (status === 'crashed') return words.node[status];
  const office = leads && !badge.startsWith('leads') ? words.card.leads : '';
  return words.list([words.node[status], office, badge].filter((part) => part !== ''));
}

function factsOf(facts: Fact[]): TemplateResult {
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${typeof value === 'string' ? unbroken(value) : value}</dd>`)}</dl>`;
}

define('sf-card', SfCard);

declare global {
  interface HTMLElementTagNameMap {
    'sf-card': SfCard;
  }
}
