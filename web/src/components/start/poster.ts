/** Paints a lab's picture at a telling moment. One lab at a time, and never while the page is busy. */
import type { Core, Json, Palette, Run } from '../../core/index.ts';

/** A lab whose story and checks name no moment shows this one. */
const SHARE_OF_RUN = 0.15;
/** How far a run is simulated in search of a moment. */
const SEARCH_MS = 20_000;
/** How long after a violation the picture says so most clearly, in milliseconds of watching. */
const AFTER_MS = 150;
/** A poster is looked at from afar: it is drawn larger than it is and shrunk. */
const SHRINK = 1.15;

let queue: Promise<void> = Promise.resolve();

export function paintPoster(
  core: Core,
  link: string,
  canvas: HTMLCanvasElement,
  palette: Json<Palette>,
): Promise<void> {
  queue = queue.then(idle).then(() => {
    if (canvas.isConnected) paint(core, link, canvas, palette);
  });
  return queue;
}

function paint(core: Core, link: string, canvas: HTMLCanvasElement, palette: Json<Palette>): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  const run = core.open(link);
  try {
    run.set_palette(palette);
    run.seek(tellingMoment(run));
    run.arrive();
    const scale = window.devicePixelRatio;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.setTransform(scale / SHRINK, 0, 0, scale / SHRINK, 0, 0);
    run.paint('world', context, SHRINK * width, SHRINK * height);
    canvas.dataset.painted = '';
  } finally {
    run.free();
  }
}

/** Where the first check breaks, or else where the story's last step is. */
function tellingMoment(run: Run): number {
  run.seek(Math.min(SEARCH_MS, run.end_ms()));
  run.arrive();
  const broken = run
    .state(0)
    .verdicts.flatMap(({ state, at_ms }) => (state === 'violated' && at_ms !== null ? [at_ms] : []));
  if (broken.length > 0) return Math.min(...broken) + AFTER_MS * run.about().default_speed;
  const told = run.story().flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
  return told.at(-1) ?? SHARE_OF_RUN * run.end_ms();
}

function idle(): Promise<void> {
  return new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 500 });
    else setTimeout(done, 30);
  });
}
