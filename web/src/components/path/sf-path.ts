/** The page of a lesson path: its stops, and how far the reader has come. With a place it leads on to that stop. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Core, LabEntry } from '../../core/index.ts';
import { Refusal } from '../../files/refusal.ts';
import { readDraft, writeDraft } from '../../path/draft.ts';
import { PATH, pathOf, placed, stopLink, type Path, type Stop } from '../../path/path.ts';
import { comeTo } from '../../path/on-path.ts';
import { reach, reached } from '../../path/progress.ts';
import { words } from '../../path/words.ts';
import { words as site } from '../../words.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, plainPage } from '../base/shared.ts';
import '../base/sf-copy.ts';
import '../header/sf-theme.ts';
import { pathStyles } from './path-styles.ts';
import './sf-path-draft.ts';

export class SfPath extends LitElement {
  static override properties = {
    core: { attribute: false },
    link: { type: String },
    path: { state: true },
    wrong: { state: true },
    labs: { state: true },
  };

  static override styles = [
    base,
    plainPage,
    buttons,
    pathStyles,
    css`
      ol {
        display: grid;
        gap: var(--space-4);
      }
      li {
        display: grid;
        grid-template-columns: 2rem minmax(0, 1fr);
        gap: var(--space-1) var(--space-2);
        padding-top: var(--space-3);
        border-top: 1px solid var(--hairline);
      }
      .place {
        color: var(--muted);
      }
      .seen svg {
        color: var(--ok);
      }
      .stop {
        font-family: var(--serif);
        font-size: var(--text-l);
      }
    `,
  ];

  declare core: Core;
  /** The link of the path, or of one of its stops. */
  declare link: string;
  declare path: Path | undefined;
  /** Why there is no path, or no such stop. */
  declare wrong: string;
  declare labs: readonly LabEntry[];

  constructor() {
    super();
    this.wrong = '';
    this.labs = [];
  }

  protected override firstUpdated(): void {
    // Without the list the stops have no titles, and lead to their runs all the same.
    this.core.labs().then(
      (labs) => {
        this.labs = labs;
      },
      () => undefined,
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('link')) return;
    this.path = undefined;
    this.wrong = '';
    if (this.link !== PATH) void this.#read(this.link);
  }

  protected override updated(): void {
    document.title = site.site.title(this.#title);
  }

  get #title(): string {
    if (this.link === PATH) return words.draft.title;
    return this.path?.title ?? (this.wrong === '' ? words.opening : words.none);
  }

  protected override render(): TemplateResult {
    return html`
      <header><a href="#/">${site.site.name}</a><sf-theme></sf-theme></header>
      ${this.link === PATH ? html`<sf-path-draft></sf-path-draft>` : this.#shown()}
    `;
  }

  #shown(): TemplateResult {
    const { path, wrong } = this;
    return html`<main tabindex="-1">
      ${wrong === '' ? nothing : html`<p role="alert">${wrong}</p>`}
      ${path ? this.#whole(path) : html`<p role="status">${wrong === '' ? words.opening : ''}</p>`}
      ${path ? nothing : html`<p><a href=${PATH}>${words.write}</a></p>`}
    </main>`;
  }

  #whole({ title, stops }: Path): TemplateResult {
    const { path } = placed(this.link);
    const seen = reached(path);
    const next = stops.findIndex((_, place) => !seen.has(place + 1)) + 1;
    return html`
      <h1>${title}</h1>
      <p class="muted">${words.reached(stops.filter((_, place) => seen.has(place + 1)).length, stops.length)}</p>
      <div class="row">
        <a class="main" href=${stopLink(path, next || 1)}>${goOn(next, seen.size)}</a>
        <sf-copy
          .text=${() => new URL(path, window.location.href).href}
          label=${words.copy}
          otherwise=${words.notCopied}
        ></sf-copy>
        <button @click=${() => change({ title, stops })}>${words.change}</button>
      </div>
      <ol>
        ${stops.map((stop, place) => this.#stop(stop, place + 1, seen.has(place + 1)))}
      </ol>
    `;
  }

  #stop({ link, says }: Stop, place: number, isSeen: boolean): TemplateResult {
    const id = /^#\/([\w-]+)/.exec(link)?.[1];
    const lab = this.labs.find((each) => each.id === id);
    return html`<li>
      <span class="place ${isSeen ? 'seen' : ''}" aria-hidden="true">${isSeen ? icons.holds : place}</span>
      <div>
        <p>${says}</p>
        <a class="stop" href=${stopLink(placed(this.link).path, place)}>${lab?.question ?? id ?? words.run}</a>
        ${isSeen ? html`<span class="unseen">${words.seen}</span>` : nothing}
      </div>
    </li>`;
  }

  /** A link with a place is left at once: back from the run is the page from which the reader came. */
  async #read(link: string): Promise<void> {
    const { path, place } = placed(link);
    try {
      const read = await pathOf(path);
      if (this.link !== link || !this.isConnected) return;
      this.path = read;
      if (place !== undefined) this.#goTo(read, { path, place });
    } catch (fault) {
      if (this.link !== link) return;
      this.path = undefined;
      this.wrong = fault instanceof Refusal ? fault.message : site.unavailable.pageNotLoaded;
    }
  }

  #goTo({ stops }: Path, at: { path: string; place: number }): void {
    const stop = stops[at.place - 1];
    if (!stop) {
      this.wrong = words.wrong.noPlace(at.place, stops.length);
      return;
    }
    reach({ ...at, run: stop.link });
    comeTo({ ...at, run: stop.link });
    window.location.replace(stop.link);
  }
}

/** `next` is the first stop that the reader has not come to, 0 if there is none. */
function goOn(next: number, seen: number): string {
  if (next === 0) return words.again;
  return seen === 0 ? words.begin : words.goOn(next);
}

/** A draft that is not this path is somebody's work: it is not lost unasked. */
function change(path: Path): void {
  const draft = readDraft();
  const isOther = draft.stops.length > 0 && JSON.stringify(draft) !== JSON.stringify(path);
  if (isOther && !window.confirm(words.replaces(draft.title, draft.stops.length))) return;
  writeDraft(path);
  window.location.hash = PATH;
}

define('sf-path', SfPath);

declare global {
  interface HTMLElementTagNameMap {
    'sf-path': SfPath;
  }
}
