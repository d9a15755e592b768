/** Paints a run's picture at a telling moment. One run at a time, and never while the page is busy. */
import { arrive, type Core, type Json, type Palette, type Run } from '../../core/index.ts';
import { whenIdle } from '../../session/when-idle.ts';
import { isFault, prepared } from '../../session/run/failure.ts';
import { toTellingMoment, type Arrive } from './telling-moment.ts';

/** A poster is looked at from afar: it is drawn larger than it is and shrunk. */
const SHRINK = 1.15;

/** What is painted, where, and how. */
export interface Poster {
  core: Core;
  link: string;
  canvas: HTMLCanvasElement;
  palette: Json<Palette>;
  /** Takes the run to the moment that is painted, and answers whether it is there. */
  to?: (run: Run, arrive: Arrive) => Promise<boolean>;
}

let queue: Promise<void> = Promise.resolve();

export function paintPoster(poster: Poster): Promise<void> {
  queue = queue.then(idle).then(() => paint(poster));
  return queue;
}

async function paint({ core, link, canvas, palette, to = toTellingMoment }: Poster): Promise<void> {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!canvas.isConnected || !context || width === 0) return;
  // A picture that cannot be painted for want of a part stays empty.
  if (await prepared(core, link)) return;
  const { generation } = core;
  // A run of a module that is gone is gone with it.
  const isWanted = () => canvas.isConnected && generation === core.generation;
  let run: Run | undefined;
  try {
    run = core.open(link);
    run.set_palette(palette);
    const isThere = await to(run, (one) => arrive(one, () => idle().then(isWanted)));
    if (isThere) draw(run, canvas, context, { width, height });
  } catch (fault) {
    // This picture is left out: those after it come from a simulator that is whole.
    if (isFault(fault) && generation === core.generation) core.renew();
    reportError(fault);
  }
  if (run) core.close(run);
}

function draw(
  run: Run,
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
): void {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.setTransform(scale / SHRINK, 0, 0, scale / SHRINK, 0, 0);
  run.paint('world', context, SHRINK * width, SHRINK * height);
  canvas.dataset.painted = '';
}

function idle(): Promise<void> {
  return new Promise((done) => whenIdle(done, 500));
}
