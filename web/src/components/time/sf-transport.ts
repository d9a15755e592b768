/** Play, step, restart: the buttons under the picture. */
import { LitElement, css, html } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `toggle`, `step`, `step-back`, `next`, `previous` and `restart`. Where `--steps` is `none`, play alone is shown. */
class SfTransport extends LitElement {
  static override properties = { playing: { type: Boolean } };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 0;
      }
      .play {
        margin-inline: var(--space-1);
        width: var(--play, 2.75rem);
        height: var(--play, 2.75rem);
        border-radius: 50%;
        background: var(--accent);
        color: var(--on-accent);
      }
      .play:hover {
        background: var(--accent);
        box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 30%, transparent);
      }
      .play:focus-visible {
        border-radius: 50%;
      }
      .play svg {
        width: 1.5rem;
        height: 1.5rem;
      }
      .step {
        display: var(--steps, inline-flex);
      }
      @media (forced-colors: active) {
        .play {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  declare playing: boolean;

  protected override render() {
    const { transport } = words;
    const [play, hint] = this.playing
      ? [transport.pause, transport.pauseHint]
      : [transport.play, transport.playHint];
    return html`
      ${this.#button('restart', transport.restart, transport.restart, icons.restart)}
      ${this.#button('previous', transport.previous, transport.previousHint, icons.previous)}
      ${this.#button('step-back', transport.stepBack, transport.stepBackHint, icons.stepBack)}
      <button class="play" aria-label=${play} title=${hint} @click=${() => this.#send('toggle')}>
        ${this.playing ? icons.pause : icons.play}
      </button>
      ${this.#button('step', transport.step, transport.stepHint, icons.stepForward)}
      ${this.#button('next', transport.next, transport.nextHint, icons.next)}
    `;
  }

  #button(type: string, name: string, title: string, icon: unknown) {
    return html`<button
      class="step ${type}"
      aria-label=${name}
      title=${title}
      @click=${() => this.#send(type)}
    >
      ${icon}
    </button>`;
  }

  #send(type: string): void {
    emit(this, type, undefined);
  }
}

define('sf-transport', SfTransport);

declare global {
  interface HTMLElementTagNameMap {
    'sf-transport': SfTransport;
  }
}
