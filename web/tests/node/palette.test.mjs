// The colours' contrast, computed from the style sheet that the page and the canvas share.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const css = await readFile(new URL('../../src/style/tokens.css', import.meta.url), 'utf8');
const [normal, more] = css.split('@media (prefers-contrast: more)');

const KINDS = [0, 1, 2, 3, 4, 5].map((kind) => `kind${kind}`);

/** The two values of each colour in a part of the style sheet. */
function colours(part) {
  const found = part.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return Object.fromEntries([...found].map(([, name, light, dark]) => [name, { light, dark }]));
}

function linear(hex) {
  return [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
}

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex) {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Machado, Oliveira, Fernandes (2009), severity 1.
const EYES = {
  trichromat: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanope: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranope: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};

/** The colour as these eyes see it, in Oklab (Ottosson 2020). */
function seen(hex, eyes) {
  const rgb = linear(hex);
  const row = (at) => eyes.slice(at, at + 3).reduce((sum, factor, i) => sum + factor * rgb[i], 0);
  const [red, green, blue] = [0, 3, 6].map((at) => Math.max(0, row(at)));
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function difference(one, other, eyes) {
  const [a, b] = [seen(one, eyes), seen(other, eyes)];
  return Math.hypot(...a.map((value, i) => value - b[i]));
}

for (const scheme of ['light', 'dark']) {
  const palette = { ...colours(normal) };
  const strong = { ...palette, ...colours(more) };
  const on = (set, name) => set[name][scheme];

  test(`text is readable, ${scheme}`, () => {
    for (const text of ['ink', 'muted', 'accent', 'danger', 'ok']) {
      for (const ground of ['ground', 'surface', ...(text === 'ok' ? [] : ['danger-wash'])]) {
        assert.ok(contrast(on(palette, text), on(palette, ground)) >= 4.5, `${text} on ${ground}`);
      }
    }
    assert.ok(contrast(on(palette, 'on-accent'), on(palette, 'accent')) >= 4.5);
  });

  test(`messages stand out from their ground, ${scheme}`, () => {
    for (const kind of KINDS) {
      for (const ground of ['ground', 'surface']) {
        assert.ok(contrast(on(palette, kind), on(palette, ground)) >= 3, `${kind} on ${ground}`);
      }
    }
  });

  test(`kinds of message and danger differ for every eye, ${scheme}`, () => {
    for (const [name, eyes] of Object.entries(EYES)) {
      const all = [...KINDS, 'danger'];
      for (const [at, one] of all.entries()) {
        for (const other of all.slice(at + 1)) {
          const distance = difference(on(palette, one), on(palette, other), eyes);
          assert.ok(distance >= 0.05, `${one} and ${other}, ${name}: ${distance.toFixed(3)}`);
        }
      }
    }
  });

  test(`high contrast is high, ${scheme}`, () => {
    for (const text of ['ink', 'muted', 'accent', 'danger', 'ok']) {
      assert.ok(contrast(on(strong, text), on(strong, 'ground')) >= 7, text);
    }
    assert.ok(contrast(on(strong, 'line'), on(strong, 'ground')) >= 4.5, 'line');
  });
}
