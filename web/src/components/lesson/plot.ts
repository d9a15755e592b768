/** One plot: the measurements of a group over time, with a line at the present. */
import uPlot from 'uplot';
import type { Series } from '../../core/index.ts';
import { measured, rounded } from '../../format.ts';
import { words } from '../../words.ts';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT_PX = 110;
const WIDTH_PX = 1.5;
const COLOURS = ['--accent', '--kind1', '--kind2', '--kind3', '--kind4', '--kind5'];
/** Colour is never the only difference. */
const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [8, 3, 2, 3], [1, 4], [12, 3]];

/** A curve keeps its look, whichever others there are beside it. */
const of = <T>(looks: readonly T[], { place }: Series): T | undefined => looks[place % looks.length];

interface Group {
  name: string;
  /** What its curves mean, where the name does not say it. */
  meaning: string;
  unit: string;
  series: Series[];
}

export function grouped(series: Series[]): Group[] {
  const groups = new Map<string, Group>();
  for (const each of series) {
    const key = `${each.group} ${each.unit}`;
    const group = groups.get(key) ?? {
      name: each.group,
      meaning: each.meaning,
      unit: each.unit,
      series: [],
    };
    group.series.push(each);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ series: all }) => all.some(({ times_s }) => times_s.length > 0));
}

export class Plot {
  readonly #plot: uPlot;
  readonly #figure: HTMLElement;
  readonly #legend: HTMLElement;
  #now = 0;

  constructor(place: Element, group: Group) {
    this.#figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    caption.textContent = group.unit === '' ? group.name : words.plots.title(group.name, group.unit);
    this.#figure.append(caption);
    place.append(this.#figure);
    this.#plot = new uPlot(this.#options(group), [[0]], this.#figure);
    this.#legend = legend(group);
    this.#figure.append(this.#legend, meaning(group));
  }

  show(group: Group, now: number): void {
    this.#now = now;
    const width = this.#figure.clientWidth;
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT_PX });
    this.#plot.setData(joined(group.series));
    [...this.#legend.children].forEach((entry, at) => {
      const each = group.series[at];
      if (each) entry.lastChild?.replaceWith(named(each));
    });
    this.#figure.setAttribute('aria-label', said(group));
  }

  remove(): void {
    this.#plot.destroy();
    this.#figure.remove();
  }

  #options({ series }: Group): uPlot.Options {
    const style = getComputedStyle(this.#figure);
    const size = Math.round(0.75 * parseFloat(style.fontSize));
    const font = [`${size}px`, style.fontFamily].join(' ');
    const axis: uPlot.Axis = {
      font,
      stroke: () => colour(this.#figure, '--muted'),
      grid: { stroke: () => colour(this.#figure, '--hairline'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.#figure.clientWidth || 300,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      // From zero on, unless something is below it: a curve that rises from a low value would look like a dip.
      scales: {
        // The present is on it, though nothing is measured up to there.
        x: { time: false, range: (_, first, last) => [first, Math.max(last, this.#now)] },
        y: { range: (_, least, most) => withZero(least, most) },
      },
      axes: [
        {
          ...axis,
          size: 22,
          values: (_, values) => values.map((value) => words.time.seconds(rounded(value))),
        },
        { ...axis, size: 44, space: 20, values: (_, values) => values.map(rounded) },
      ],
      series: [
        {},
        ...series.map((each) => ({
          label: each.label,
          stroke: () => colour(this.#figure, of(COLOURS, each) ?? '--ink'),
          width: WIDTH_PX,
          dash: [...(of(DASHES, each) ?? [])],
          points: { show: false },
        })),
      ],
      hooks: { draw: [(plot) => this.#drawNow(plot)] },
    };
  }

  #drawNow(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(this.#now, 'x', true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = colour(this.#figure, '--ink');
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

/** The measurements over the times of all of them. */
function joined(series: Series[]): uPlot.AlignedData {
  return uPlot.join(series.map(({ times_s, values }) => [times_s, values]));
}

/** The values that an axis shows: some room above the largest, and a line at zero. */
function withZero(least: number | null, most: number | null): [number, number] {
  const [low, high] = [Math.min(least ?? 0, 0), Math.max(most ?? 0, 0)];
  const room = 0.1 * (high - low || 1);
  return [low < 0 ? low - room : 0, high > 0 || low === 0 ? high + room : 0];
}

function colour(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The latest of what is measured: for how much of the time each curve was so, or the value of the first. */
function said({ name, unit, series }: Group): string {
  if (series.some(isShare)) return words.plots.shares(name, series.map(named));
  const last = series[0]?.values.findLast((value) => value !== null);
  return last == null ? words.plots.unmeasured(name) : words.plots.latest(name, measured(last), unit);
}

const isShare = ({ share }: Series): boolean => share !== null;

/** What a curve is called, with its share of the time if it is about that. */
const named = ({ label, share }: Series): string =>
  share === null ? label : words.plots.share(label, Math.round(100 * share));

/** What the curves mean, for those who see them and for those who have them read out. */
function meaning({ meaning: words }: Group): HTMLElement | string {
  if (words === '') return '';
  const line = document.createElement('p');
  line.textContent = words;
  return line;
}

function legend({ series }: Group): HTMLElement {
  const line = document.createElement('div');
  line.className = 'legend';
  if (series.length < 2 && !series.some(isShare)) return line;
  series.forEach((each) => {
    const entry = document.createElement('span');
    entry.append(sample(each), named(each));
    line.append(entry);
  });
  return line;
}

/** A piece of a curve, as it is drawn. */
function sample(each: Series): Element {
  const [key, line] = ['svg', 'line'].map((name) => document.createElementNS(SVG, name)) as [
    SVGElement,
    SVGElement,
  ];
  key.setAttribute('aria-hidden', 'true');
  key.style.setProperty('--colour', `var(${of(COLOURS, each) ?? '--ink'})`);
  const look = {
    x2: '100%',
    y1: '50%',
    y2: '50%',
    'stroke-width': WIDTH_PX,
    'stroke-dasharray': of(DASHES, each)?.join(' '),
  };
  for (const [name, value] of Object.entries(look)) line.setAttribute(name, String(value ?? ''));
  key.append(line);
  return key;
}
