/** From a failing run to the smallest that still fails: how far the search has come, and what it found. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ShrinkSearch } from '../../session/hunt/shrinking.ts';
import { words } from '../../session/hunt/words.ts';
import type { Session } from '../../session/session.ts';
import { moment } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { panel } from './panel.ts';

/** A run that fails, and the check that is to stay violated; without one, that which is first. */
export interface Failing {
  link: string;
  check: string | undefined;
}

const said = words.smallest;

/** Sends `close-shrink`. */
export class SfShrink extends LitElement {
  static override properties = {
    session: { attribute: false },
    failing: { attribute: false },
    search: { state: true },
  };

  static override styles = [
    base,
    buttons,
    panel,
    css`
      .open {
        display: inline-flex;
        align-items: center;
        min-height: 2.25rem;
        padding-inline: var(--space-3);
        border-radius: 6px;
        font-size: var(--text-s);
        text-decoration: none;
      }
      .enough {
        font-size: var(--text-l);
        font-weight: 600;
      }
      .fails {
        color: var(--danger);
      }
    `,
  ];

  declare session: Session;
  declare failing: Failing;
  declare search: ShrinkSearch | undefined;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => this.#onKey(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // It may come back, with what it has found.
    this.search?.stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('failing')) return;
    this.search?.end();
    const { link, check } = this.failing;
    const search = new ShrinkSearch(this.session.core, link, check, () => this.requestUpdate());
    this.search = search;
    void search.run();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('failing')) this.focus();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('section')?.focus({ preventScroll: true });
    this.scrollIntoView({ block: 'start' });
  }

  protected override render() {
    return html`
      <section class="panel" tabindex="-1" aria-labelledby="title">
        <div class="head">
          <h2 id="title">${said.title}</h2>
          <button class="close" aria-label=${words.close} title=${said.closeHint} @click=${this.#close}>${icons.close}</button>
        </div>
        ${this.search ? this.#shown(this.search) : nothing}
      </section>
    `;
  }

  #shown(search: ShrinkSearch): TemplateResult {
    const { state, progress } = search;
    if (state === 'going')
      return html`
        <progress aria-label=${said.looking}></progress>
        <p class="muted">
          ${progress ? said.progress(progress.runs, progress.things, progress.nodes, progress.trying) : said.looking}
        </p>
        <div class="bar"><button class="do" @click=${() => search.stop()}>${said.stop}</button></div>
      `;
    return html`<div role="status">${this.#ending(search)}</div>`;
  }

  #ending({ state, refusal, smallest }: ShrinkSearch): TemplateResult {
    if (!smallest) return html`<p>${state === 'refused' ? refusal : said.broken}</p>`;
    const { label, at_ms, faults, faults_before, less, left, runs, link } = smallest;
    return html`
      <p class="enough">${said.enough(faults, faults_before)}</p>
      <p class="fails">${said.fails(label, moment(at_ms))}</p>
      <p class="taken">${said.taken(less)}</p>
      ${left.length === 0 ? nothing : html`<p class="left">${said.left(left)}</p>`}
      <p class="muted">${state === 'stopped' ? said.stopped(runs) : said.minimal(runs)}</p>
      <div class="bar"><a class="open main" href=${link}>${said.open}</a></div>
    `;
  }

  #close(): void {
    emit(this, 'close-shrink', undefined);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    this.#close();
    event.preventDefault();
    event.stopPropagation();
  }
}

define('sf-shrink', SfShrink);

declare global {
  interface HTMLElementTagNameMap {
    'sf-shrink': SfShrink;
  }
}
