// Writes which functions of the main module first views call, `called`, and what first views are, `first-views.json`, beside
// some bindings: node build/record.mjs <directory of the bindings>
//
// The bindings are those of a module whose functions note that they are called (`xtask bindgen`). Every lab is opened as it is and
// watched for a few seconds, at many sizes. Runs are deterministic: a first view on a reader's device calls what one here
// does. What may be called is listed in `src/core/first.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FIRST, isFirstLook } from '../src/core/first.mjs';
import { drawn } from './drawn.mjs';

const [directory] = process.argv.slice(2);
const bindings = pathToFileURL(`${resolve(directory)}/`);
const [{ Run, __wbg_reset_state, fresh_seed, initSync, labs, last_panic }, { PARTS }] = await Promise.all([
  import(new URL('slowfire.js', bindings)),
  import(new URL('parts.js', bindings)),
]);

const compiled = new Map();
const read = (url) => {
  if (!compiled.has(url)) compiled.set(url, new WebAssembly.Module(readFileSync(new URL(url))));
  return compiled.get(url);
};

/** All parts: what is recorded is the main module alone. */
function load() {
  const m = { ...initSync({ module: read(new URL('slowfire_bg.wasm', bindings).href) }) };
  for (const { url } of PARTS) Object.assign(m, new WebAssembly.Instance(read(url), { m }).exports);
  return m;
}

/** The numbers of the functions that have noted that they were called. */
function called(exports) {
  const noted = Object.entries(exports).filter(([name, value]) => /^c\d+$/.test(name) && value.value !== 0);
  return noted.map(([name]) => Number(name.slice(1)));
}

/** What a run may take in an embed. */
const MEMORY_MIB = 64;

/** A canvas that takes everything and shows nothing. */
const context = new Proxy({}, { get: () => () => undefined, set: () => true });

/** As the page asks: `session/run/readings.ts`. */
const [MOST_LISTED, MOST_IN_PASSING, CELLS] = [200, 60, 1000];
/** From the smallest embed to a wall. */
const SIZES = [
  [240, 135],
  [320, 240],
  [390, 260],
  [390, 700],
  [640, 200],
  [820, 400],
  [1280, 480],
  [2560, 1300],
];
/** For so long a first view plays at the lab's speed, in the reader's time; what is violated in it is no part of it. */
const PLAYED_MS = 3000;
/** At so many moments the page may read it. */
const MOMENTS = 60;
/** What a page around a figure may call its font, also with what JSON escapes. */
const FONTS = ['system-ui, sans-serif', '"Noto Sans", \\ é\n\u0001漢'];
const INKS = ['ground', 'surface', 'ink', 'muted', 'line', 'accent', 'danger', 'ok'];
const KINDS = [0, 1, 2, 3, 4, 5].map((kind) => `kind${kind}`);

/** The page's colours are of this form: `style/palette.ts`. */
const paletteWith = (font) =>
  JSON.stringify({ font, ...Object.fromEntries([...INKS, ...KINDS].map((ink) => [ink, '#8fa0c1'])) });

/** A run of which nothing can be called but what first views call. */
function open(id) {
  const run = new Run(`#/${id}`, MEMORY_MIB);
  return Object.fromEntries(FIRST.map((name) => [name, (...given) => run[name](...given)]));
}

function arrive(run) {
  while (!run.go_on());
}

/** Until when a first view plays, in virtual milliseconds, and in which view it is shown. */
function measure(id) {
  const run = open(id);
  const { default_speed } = run.about();
  run.seek(PLAYED_MS * default_speed);
  arrive(run);
  const violation = run.violation_ms() ?? Infinity;
  const untilMs = Math.max(0, Math.min(Math.floor(run.time_ms()), Math.ceil(violation) - 1));
  const view = run.view() ?? 'world';
  run.free();
  return { untilMs, view };
}

/** All that a page reads of the run at a moment. */
function readAll(run) {
  for (const most of [MOST_LISTED, MOST_IN_PASSING, 0]) run.state(most);
  run.marks(run.end_ms(), CELLS);
  for (const name of [
    'story',
    'outlook',
    'changes',
    'futures',
    'steps',
    'link',
    'link_from_start',
    'digest',
  ])
    run[name]();
  for (const name of ['time_ms', 'aim_ms', 'is_on_its_way', 'violation_ms', 'next_activity_ms'])
    run[name]();
  for (const place of run.story().keys()) {
    run.is_step_known(place);
    run.step_ms(place);
  }
}

/** What a page may light as it plays: nothing, a node or a message. */
function looks(run, about) {
  const plain = { perspective: null, selected_event: null, first_index: null, from_ms: 0, to_ms: 7000 };
  const dark = { ...plain, light_node: null, light_message: null, bent: false };
  const messages = [
    ...run.story().map(({ message }) => message),
    ...run.state(3).messages.map(({ id }) => id),
  ];
  return [
    dark,
    { ...dark, bent: true, from_ms: run.time_ms(), to_ms: run.end_ms() },
    ...about.nodes.map(({ id }) => ({ ...dark, light_node: id })),
    ...messages.map((light_message) => ({ ...dark, light_message })),
  ].map((look) => JSON.stringify(look));
}

function paintAll(run, about, view, next) {
  for (const look of looks(run, about)) {
    if (!isFirstLook(look)) throw new Error(`no first view looks so: ${look}`);
    run.look(look);
    run.paint(view, context, ...SIZES[Math.floor(next() * SIZES.length)]);
    run.paint(view, context, 200 + 2400 * next() ** 2, 100 + 1300 * next() ** 2);
  }
}

/** Opens a lab as it is, and watches it as a page shows it, in parts of whatever length, also back. */
function watch(id, { untilMs, view }) {
  const run = open(id);
  for (const name of [
    'problems',
    'revision_note',
    'names_moment',
    'lesson',
    'view',
    'twin',
    'guess',
    'challenge',
    'perspective',
  ])
    run[name]();
  const about = run.about();
  const next = drawn(1000);
  for (const font of FONTS) run.set_palette(paletteWith(font));
  for (const shown of [view, undefined]) run.show_view(shown);
  readAll(run);
  for (const size of SIZES) run.paint(view, context, ...size);
  for (const from of [0, untilMs / 2]) {
    for (let moment = 0; moment <= MOMENTS; moment += 1) {
      run.seek(Math.floor(from + ((untilMs - from) * moment) / MOMENTS));
      run.state(MOST_IN_PASSING);
      arrive(run);
      readAll(run);
      paintAll(run, about, view, next);
    }
  }
  run.seek(0);
  run.stay();
  readAll(run);
  run.free();
}

load();
const ids = labs().map(({ id }) => id);
const measured = ids.map((id) => [id, measure(id)]);
/** For each function, the labs whose first views call it. */
const labsOf = new Map();
for (const [id, view] of measured) {
  // A module in which nothing was called yet.
  __wbg_reset_state();
  const exports = load();
  watch(id, view);
  last_panic();
  fresh_seed();
  for (const number of called(exports)) labsOf.set(number, [...(labsOf.get(number) ?? []), id]);
}

/** The lab that is opened where a link names none counts as many. */
const isOfMost = (of) => of.includes(ids[0]) || of.length >= ids.length / 2;
const sorted = [...labsOf].sort(([one], [other]) => one - other);
const lines = sorted.map(([number, of]) => `${number} ${isOfMost(of) ? 'most' : 'some'}\n`);
const others = new Set(sorted.flatMap(([, of]) => (isOfMost(of) ? [] : of)));
writeFileSync(`${directory}/called`, lines.join(''));
const views = measured.map(([id, view]) => [id, { ...view, needsMore: others.has(id) }]);
writeFileSync(`${directory}/first-views.json`, JSON.stringify(Object.fromEntries(views)));
