/**
 * The look of every native slider: a line, filled between the shares `--from`
 * and `--to` of its range, and a round thumb.
 */
import { css } from 'lit';

export const track = css`
  input[type='range'] {
    --thumb: 1rem;
    /* The thumb's centre never reaches the ends of the track; a fill from the very left does. */
    --start: calc(
      (var(--thumb) / 2 + (100% - var(--thumb)) * var(--from)) * min(1, var(--from) * 1000)
    );
    --end: calc(var(--thumb) / 2 + (100% - var(--thumb)) * var(--to));
    --filled: linear-gradient(
      to right,
      var(--line) var(--start),
      var(--accent) var(--start) var(--end),
      var(--line) var(--end)
    );
    display: block;
    width: 100%;
    height: 1.75rem;
    margin: 0;
    background: none;
    appearance: none;
    cursor: pointer;
    touch-action: pan-y;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 2px;
    border-radius: 1px;
    background: var(--filled);
  }
  input[type='range']::-moz-range-track {
    height: 2px;
    border-radius: 1px;
    background: var(--filled);
  }
  input[type='range']::-webkit-slider-thumb {
    width: var(--thumb);
    height: var(--thumb);
    margin-top: calc(1px - var(--thumb) / 2);
    border: 2px solid var(--accent);
    border-radius: 50%;
    background: var(--surface);
    appearance: none;
  }
  input[type='range']::-moz-range-thumb {
    box-sizing: border-box;
    width: var(--thumb);
    height: var(--thumb);
    border: 2px solid var(--accent);
    border-radius: 50%;
    background: var(--surface);
  }
  input[type='range']:hover::-webkit-slider-thumb,
  input[type='range']:active::-webkit-slider-thumb {
    background: var(--accent);
  }
  input[type='range']:hover::-moz-range-thumb,
  input[type='range']:active::-moz-range-thumb {
    background: var(--accent);
  }
  @media (forced-colors: active) {
    input[type='range'] {
      forced-color-adjust: none;
    }
  }
  @media (pointer: coarse) {
    input[type='range'] {
      --thumb: 1.375rem;
      height: 2.25rem;
    }
  }
`;
