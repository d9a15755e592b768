/** Hunts: the run with many seeds, with a defence on and off, or along a control; how often it fails, and the first runs that do. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Control, HuntRun } from '../../core/index.ts';
import { Hunting, type Quarry } from '../../session/hunt/hunting.ts';
import { words } from '../../session/hunt/words.ts';
import type { Session } from '../../session/session.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { panel } from './panel.ts';
import './sf-thumbnail.ts';
import { checksOf, failingOf, key, resultStyles, shareOf } from './result.ts';
import { sweepOf, sweepStyles, valuesOf } from './sweep.ts';

const SEEDS = [100, 1000, 10_000, 100_000, 1_000_000];
/** Of each value of a control. */
const SEEDS_EACH = SEEDS.slice(0, 4);

/** What is run: the run as it is, with a defence on and off, or along a control. */
type Choice = { kind: 'this' } | { kind: 'defence'; id: string } | { kind: 'control'; key: string };

/** As an option of a list. */
function valueOf(choice: Choice): string {
  if (choice.kind === 'defence') return `defence:${choice.id}`;
  return choice.kind === 'control' ? `control:${choice.key}` : 'this';
}

/** What a hunt was begun for. */
interface Begun {
  choice: Choice;
  /** The control whose values are tried. */
  control: Control | undefined;
  /** The links that are run: what the numbers are about. */
  links: string;
  /** Whether the same hunt would run other ones by now. */
  isStale: boolean;
  lab: string;
  /** The same in words. */
  says: string;
}

const linksOf = (quarries: readonly Quarry[]): string => quarries.map(({ link }) => link).join(' ');

/**
 * Sends `close-hunt`, `shrink-run` with the link of a run that is to be made smaller, and `going` when a hunt begins or ends. It goes on
 * hunting where it is not shown.
 */
export class SfHunt extends LitElement {
  static override properties = {
    session: { attribute: false },
    mark: { type: String },
    workers: { type: Number },
    hunting: { state: true },
    choice: { state: true },
    seeds: { state: true },
    check: { state: true },
  };

  static override styles = [
    base,
    buttons,
    panel,
    resultStyles,
    sweepStyles,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto auto;
        align-items: end;
        gap: var(--space-2);
      }
      label {
        display: grid;
        color: var(--muted);
        font-size: var(--text-s);
      }
      select {
        width: 100%;
        min-width: 0;
        min-height: 2.25rem;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--ground);
        color: var(--ink);
        font: inherit;
      }
      .halves {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-3);
      }
      .halves h3 {
        color: var(--ink);
      }
      summary {
        color: var(--muted);
        font-size: var(--text-s);
        cursor: pointer;
      }
    `,
  ];

  declare session: Session;
  /** What the run is, beside its seed: a hunt of what is no longer so says that. */
  declare mark: string;
  /** How many workers there are; if nothing is said, as many as there are cores to spare. */
  declare workers: number | undefined;
  declare hunting: Hunting | undefined;
  declare choice: Choice;
  declare seeds: number;
  /** What a run must violate to count as failing; if nothing is said, any check. */
  declare check: string | undefined;

  #begun: Begun | undefined;
  /** The lab whose defences and controls can be chosen. */
  #lab: string | undefined;

  constructor() {
    super();
    this.choice = { kind: 'this' };
    this.seeds = 1000;
    this.addEventListener('keydown', (event) => this.#onKey(event));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { id } = this.session.about.lab;
    if (id !== this.#lab) this.choice = { kind: 'this' };
    this.#lab = id;
    const begun = this.#begun;
    if (begun && changed.has('mark')) begun.isStale = linksOf(this.#quarries(begun.choice)) !== begun.links;
  }

  /** What was chosen stays where the lists change. */
  protected override updated(): void {
    const what = this.renderRoot.querySelector<HTMLSelectElement>('[name=what]');
    if (what) what.value = valueOf(this.choice);
  }

  protected override firstUpdated(): void {
    this.focus();
  }

  /** The reader may have gone on to what leaves no room for it. */
  override focus(): void {
    if (!this.isConnected) return;
    const begin = this.renderRoot.querySelector<HTMLElement>('.main');
    begin?.focus({ preventScroll: true });
    this.scrollIntoView({ block: 'start' });
  }

  protected override render() {
    const { hunting } = this;
    return html`
      <section class="panel" aria-labelledby="title">
        <div class="head">
          <h2 id="title">${words.title}</h2>
          <button class="close" aria-label=${words.close} title=${words.closeHint} @click=${this.#close}>${icons.close}</button>
        </div>
        ${hunting ? nothing : html`<p class="muted">${words.about}</p>`} ${this.#form()}
        ${hunting ? this.#found(hunting) : nothing}
      </section>
    `;
  }

  #form(): TemplateResult {
    const { about } = this.session;
    const isSweep = this.choice.kind === 'control';
    const seeds = isSweep ? SEEDS_EACH : SEEDS;
    const isGoing = this.hunting?.state === 'going';
    return html`
      <form @submit=${this.#begin}>
        <label>
          ${words.what}
          <select name="what" @change=${this.#choose}>
            <option value="this">${words.this}</option>
            <optgroup label=${words.compare}>
              ${about.defences.map(({ id, label }) => html`<option value=${valueOf({ kind: 'defence', id })}>${words.with(label)}</option>`)}
            </optgroup>
            <optgroup label=${words.sweep}>
              ${about.controls.map(({ key: name, label }) => html`<option value=${valueOf({ kind: 'control', key: name })}>${words.along(label)}</option>`)}
            </optgroup>
          </select>
        </label>
        <label>
          ${isSweep ? words.seedsEach : words.seeds}
          <select name="seeds" @change=${(event: Event & { target: HTMLSelectElement }) => (this.seeds = Number(event.target.value))}>
            ${seeds.map((count) => html`<option value=${count} .selected=${count === this.seeds}>${words.count(count)}</option>`)}
          </select>
        </label>
        <button class="main" type=${isGoing ? 'button' : 'submit'} @click=${this.#stop}>${isGoing ? words.stop : words.begin}</button>
      </form>
    `;
  }

  /** One button begins and stops, so that it keeps the focus. What it is by the time that the click is over does not count. */
  readonly #stop = (event: Event): void => {
    if (this.hunting?.state !== 'going') return;
    event.preventDefault();
    this.hunting.stop();
  };

  #found(hunting: Hunting): TemplateResult {
    const { state, done, all, rate } = hunting;
    const begun = this.#begun;
    return html`
      ${
        state === 'going'
          ? html`<progress max=${all} .value=${done} aria-label=${words.progress}></progress>
              <p class="muted">${words.going(done, all)}, ${words.rate(rate)}</p>`
          : nothing
      }
      <p class="muted what">${begun?.says}</p>
      <p class="muted" role="status">${this.#ending(hunting)}</p>
      ${hunting.isSliced ? html`<p class="muted">${words.sliced}</p>` : nothing}
      ${begun?.isStale ? html`<p class="stale">${words.changed}</p>` : nothing}
      ${begun && begun.choice.kind !== 'this' ? this.#checks(hunting) : nothing}
      ${begun?.choice.kind === 'defence' ? this.#halves(hunting) : nothing}
      ${begun?.choice.kind === 'control' && begun.control ? this.#sweep(hunting, begun, begun.control) : nothing}
      ${begun?.choice.kind === 'this' ? this.#single(hunting) : nothing}
    `;
  }

  #ending({ state, done, all, rate }: Hunting): string {
    if (state === 'going') return '';
    if (state === 'done') return words.done(done, rate);
    return state === 'broken' ? words.broken : words.stopped(done, all);
  }

  #single(hunting: Hunting): TemplateResult | typeof nothing {
    const [result] = hunting.results;
    if (!result) return nothing;
    const { found } = result;
    const core = hunting.state === 'going' ? undefined : this.session.core;
    return html`
      <div class="result" data-name=${result.name}>${shareOf(result, hunting.seeds)}</div>
      ${key()} ${found && found.runs > 0 ? html`${checksOf(found)} ${failingOf(found, this.#shrink, core)}` : nothing}
    `;
  }

  /** Which check is counted: what is one and the same for all that is compared. */
  #checks({ results }: Hunting): TemplateResult | typeof nothing {
    const checks = results[0]?.found?.checks ?? [];
    if (checks.length < 2) return nothing;
    return html`<label>
      ${words.fails}
      <select name="check" @change=${(event: Event & { target: HTMLSelectElement }) => (this.check = event.target.value || undefined)}>
        <option value="">${words.anyCheck}</option>
        ${checks.map(({ id, label }) => html`<option value=${id} .selected=${id === this.check}>${label}</option>`)}
      </select>
    </label>`;
  }

  #halves(hunting: Hunting): TemplateResult {
    return html`
      <div class="halves">
        ${hunting.results.map(
          (result) => html`<div class="result" data-name=${result.name}>
            <h3>${result.name}</h3>
            ${shareOf(result, hunting.seeds, this.check)}
          </div>`,
        )}
      </div>
      ${key()}
      ${hunting.results.map(({ name, found }) =>
        found && found.failing.length > 0
          ? html`<details>
              <summary>${name}: ${words.failing}</summary>
              ${failingOf(found, this.#shrink)}
            </details>`
          : nothing,
      )}
    `;
  }

  #sweep(hunting: Hunting, { lab }: Begun, control: Control): TemplateResult {
    const stops = hunting.results.map((result) => ({ result, value: result.value ?? control.min }));
    return html`<h3>${words.plot(control.label)}</h3>
      ${sweepOf({ stops, control, seeds: hunting.seeds, lab }, this.check)}`;
  }

  readonly #shrink = (run: HuntRun): void => emit(this, 'shrink-run', run.link);

  #choose(event: Event & { target: HTMLSelectElement }): void {
    const [kind, name = ''] = event.target.value.split(':');
    if (kind === 'defence') this.choice = { kind, id: name };
    else if (kind === 'control') this.choice = { kind, key: name };
    else this.choice = { kind: 'this' };
    if (this.choice.kind === 'control') this.seeds = Math.min(this.seeds, 1000);
  }

  #begin(event: Event): void {
    event.preventDefault();
    const { choice, session } = this;
    const quarries = this.#quarries(choice);
    this.#begun = {
      choice,
      control: this.#controlOf(choice),
      links: linksOf(quarries),
      isStale: false,
      lab: session.about.lab.id,
      says: words.hunted(session.about.lab.title, this.#named(choice), this.seeds),
    };
    this.check = undefined;
    this.hunting?.stop();
    const hunting = new Hunting(
      session.core,
      quarries,
      this.seeds,
      () => {
        // Another one may have been begun.
        if (this.hunting === hunting) this.requestUpdate();
      },
      this.workers,
    );
    this.hunting = hunting;
    const tell = () => emit(this, 'going', undefined);
    void hunting.run().then(tell);
    tell();
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.hunting?.stop();
  }

  #named(choice: Choice): string {
    const { about } = this.session;
    if (choice.kind === 'defence')
      return words.with(about.defences.find(({ id }) => id === choice.id)?.label ?? choice.id);
    return choice.kind === 'control' ? words.along(this.#controlOf(choice)?.label ?? choice.key) : '';
  }

  #controlOf(choice: Choice): Control | undefined {
    if (choice.kind !== 'control') return undefined;
    return this.session.about.controls.find(({ key: name }) => name === choice.key);
  }

  #quarries(choice: Choice): Quarry[] {
    const { core, link, about } = this.session;
    const control = this.#controlOf(choice);
    const { hunting } = core;
    if (choice.kind === 'defence') {
      const label = about.defences.find(({ id }) => id === choice.id)?.label ?? choice.id;
      return [false, true].flatMap((isOn) => {
        const half = hunting.linkWith(link, choice.id, isOn);
        return half === undefined ? [] : [{ name: words.half(label, isOn), link: half }];
      });
    }
    if (control) {
      return valuesOf(control).flatMap((value) => {
        const at = hunting.linkAt(link, control.key, value);
        return at === undefined ? [] : [{ name: words.value(value, control.unit), link: at, value }];
      });
    }
    return [{ name: about.lab.title, link: hunting.link(link) }];
  }

  #close(): void {
    emit(this, 'close-hunt', undefined);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    this.#close();
    event.preventDefault();
    event.stopPropagation();
  }
}

define('sf-hunt', SfHunt);

declare global {
  interface HTMLElementTagNameMap {
    'sf-hunt': SfHunt;
  }
}
