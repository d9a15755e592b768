/** What the canvas shows, as lists: for a screen reader always, and for the keyboard while it is open. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { MessageState, NodeState, State, UnseenNode } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import type { Selection } from '../../session/pictures/selection.ts';
import { define, emit } from '../base/define.ts';
import { keyed } from '../base/keyed.ts';
import { base, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;
/** Beyond so many links a node's own card is the better way. */
const MOST_LINKS = 66;

interface Entry {
  key: string;
  text: string;
  selection: Selection;
}

/** Open, its entries are buttons that send `select`; with the focus on one, it sends `light`. */
class SfMirror extends LitElement {
  static override properties = {
    state: { attribute: false },
    other: { attribute: false },
    halves: { attribute: false },
    perspective: { type: String },
    playing: { type: Boolean },
    open: { type: Boolean, reflect: true },
    guest: { type: Boolean },
  };

  static override styles = [
    base,
    headings,
    css`
      :host([open]) {
        overflow: auto;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        font-size: var(--text-s);
        scrollbar-width: thin;
      }
      :host([open]) > div {
        display: grid;
        gap: var(--space-2);
      }
      p {
        color: var(--muted);
      }
      button {
        width: 100%;
        min-height: 1.75rem;
        padding: var(--space-1) var(--space-2);
        border: 0;
        border-radius: 4px;
        background: none;
        color: var(--ink);
        font: inherit;
        line-height: 1.35;
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        background: var(--hairline);
      }
    `,
  ];

  declare state: State;
  /** The run beside it, if there is one and it is there. */
  declare other: State | undefined;
  /** What the two are called. */
  declare halves: readonly [string, string] | undefined;
  /** The node in whose perspective the run is seen: the state lists it, what it knows of the others, and no message. */
  declare perspective: string | undefined;
  declare playing: boolean;
  declare open: boolean;
  /** Whether it is in somebody else's page, which has headings of its own. */
  declare guest: boolean;

  #updatedAt = -Infinity;
  #wasOpen = false;

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const isDue = !this.playing || performance.now() - this.#updatedAt >= CALM_MS;
    // What a node cannot know is not listed for a moment longer.
    return isDue || this.open !== this.#wasOpen || changed.has('perspective');
  }

  protected override render() {
    this.#updatedAt = performance.now();
    this.#wasOpen = this.open;
    const [own, other] = this.halves ?? [];
    return html`
      <div class=${this.open ? 'open' : 'unseen'}>
        <p>${words.mirror.at(moment(this.state.time_ms))}</p>
        ${this.#listed(this.state, own)}
        ${this.other && other !== undefined ? this.#listed(this.other, other, false) : nothing}
      </div>
    `;
  }

  /** All lists of a run; `half` is what it is called beside another one. Of that one, nothing can be picked in the pictures. */
  #listed(state: State, half: string | undefined, isOwn = true): TemplateResult {
    const { nodes, messages, in_flight } = state;
    const unlisted = in_flight - messages.length;
    const names = new Map(nodes.map(({ id, name }) => [id, name]));
    const list = (id: string, title: string, entries: Entry[]) =>
      this.#list(
        isOwn ? id : `other-${id}`,
        half === undefined ? title : words.mirror.of(title, half),
        entries,
        this.open && isOwn,
      );
    return html`
      ${list('nodes', words.mirror.nodes, nodes.map(nodeEntry))}
      ${
        this.perspective === undefined
          ? list(
              'messages',
              words.mirror.messages,
              messages.map((message) => messageEntry(message, names)),
            )
          : html`${list('unseen', words.mirror.unseen, state.unseen.map(unseenEntry))}
              <p>${words.mirror.seesNone(this.perspective)}</p>`
      }
      ${unlisted > 0 ? html`<p>${words.lists.more(unlisted)}</p>` : nothing}
      ${this.open && isOwn && this.perspective === undefined ? list('links', words.mirror.links, linkEntries(nodes)) : nothing}
    `;
  }

  protected override updated(): void {
    if (this.open && this.#lostFocus) this.focus();
    this.#lostFocus = false;
  }

  /** The entry that had the focus is about to go, as a message does that arrives. */
  #lostFocus = false;

  protected override willUpdate(): void {
    const focused = this.shadowRoot?.activeElement?.getAttribute('data-key');
    this.#lostFocus =
      focused?.startsWith('message') === true &&
      !this.state.messages.some(({ id }) => focused === `message:${id}`);
  }

  /** Buttons keep their entry, since one of them may have the focus; plain text is written over, which costs less. */
  #list(id: string, title: string, entries: Entry[], areButtons: boolean): TemplateResult {
    return html`
      ${this.guest ? html`<p id=${id}>${title}</p>` : html`<h2 id=${id}>${title}</h2>`}
      ${
        areButtons && entries.length > 0
          ? html`<ul
              aria-labelledby=${id}
              ${keyed(
                entries,
                ({ key }) => key,
                (entry) => this.#button(entry),
              )}
            ></ul>`
          : html`<ul aria-labelledby=${id}>
              ${
                entries.length === 0
                  ? html`<li>${words.mirror.none}</li>`
                  : entries.map(({ text }) => html`<li>${unbroken(text)}</li>`)
              }
            </ul>`
      }
    `;
  }

  #button({ key, text, selection }: Entry): TemplateResult {
    return html`<button
      data-key=${key}
      @focus=${() => emit(this, 'light', selection)}
      @click=${() => emit(this, 'select', selection)}
    >
      ${unbroken(text)}
    </button>`;
  }
}

function nodeEntry(node: NodeState): Entry {
  const { id, name, role, status, waiting, wall_clock, offset } = node;
  const { mirror } = words;
  const isUp = status !== 'crashed';
  const beliefs = isUp ? node.beliefs : [];
  const state = isUp ? node.state.map(({ name, value }) => mirror.value(name, value)) : [];
  const does = [
    mirror.node(name, role, words.node[status]),
    ...(node.leads && isUp ? [mirror.leads] : []),
    ...(waiting > 1 ? [mirror.waiting(waiting)] : []),
  ];
  const clock = offset ? mirror.clockOff(wall_clock, offset) : mirror.clock(wall_clock);
  return {
    key: `node:${id}`,
    text: mirror.sentences([[words.list(does), ...state, clock].join('; '), ...beliefs]),
    selection: { kind: 'node', id },
  };
}

/** A node in the fog: what is known of it. */
function unseenEntry({ id, name, role, known }: UnseenNode): Entry {
  return {
    key: `node:${id}`,
    text: words.mirror.node(name, role, known),
    selection: { kind: 'node', id },
  };
}

function messageEntry(message: MessageState, names: Map<string, string>): Entry {
  const { id, label, from, to, progress, fate } = message;
  const { mirror } = words;
  const [sender, receiver] = [names.get(from) ?? from, names.get(to) ?? to];
  const way = mirror.message(label, sender, receiver, Math.round(100 * progress));
  const text = words.list([way, ...(fate === 'travelling' ? [] : [mirror.fate[fate]])]);
  return { key: `message:${id}`, text, selection: { kind: 'message', id } };
}

function linkEntries(nodes: NodeState[]): Entry[] {
  const pairs = nodes.flatMap((from, at) => nodes.slice(at + 1).map((to) => ({ from, to })));
  return pairs.slice(0, MOST_LINKS).map(({ from, to }) => ({
    key: `link:${from.id}:${to.id}`,
    text: words.mirror.link(from.name, to.name),
    selection: { kind: 'link', from: from.id, to: to.id },
  }));
}

define('sf-mirror', SfMirror);

declare global {
  interface HTMLElementTagNameMap {
    'sf-mirror': SfMirror;
  }
}
