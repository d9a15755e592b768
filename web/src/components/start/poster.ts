/** Paints a lab's picture at a telling moment. One lab at a time, and never while the page is busy. */
import type { Core, Json, Palette } from '../../core/index.ts';
import { tellingMoment } from './telling-moment.ts';

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

function idle(): Promise<void> {
  return new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 500 });
    else setTimeout(done, 30);
  });
}
