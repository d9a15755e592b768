/** A film: the browser records a canvas, one picture at a time. The address of its run is in a tag. */
import { SLIDE, type Canvas } from './picture.ts';
import type { Reel } from './reel.ts';
import { withComment } from './webm-tag.ts';
import { words } from './words.ts';

const BITS_PER_SECOND = 5_000_000;
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

export function webm(perSecond: number, address: string): Reel {
  const isThere = typeof MediaRecorder === 'function' && 'captureStream' in HTMLCanvasElement.prototype;
  const type = isThere ? TYPES.find((known) => MediaRecorder.isTypeSupported(known)) : undefined;
  if (type === undefined) throw new Error(words.save.noFilm);
  let recording: Recording | undefined;
  return {
    size: SLIDE,
    take: async ({ element }: Canvas, place) => {
      recording ??= new Recording(element, type, perSecond);
      await recording.take(place);
    },
    end: async () => [await withComment(new Blob(await recording?.end()), address)],
  };
}

/** Records from the first picture of a canvas on. */
class Recording {
  readonly #track: CanvasCaptureMediaStreamTrack;
  readonly #recorder: MediaRecorder;
  readonly #perSecond: number;
  readonly #parts: Blob[] = [];
  readonly #begun = performance.now();

  constructor(canvas: HTMLCanvasElement, mimeType: string, perSecond: number) {
    this.#perSecond = perSecond;
    // No picture is taken but those that are asked for.
    const stream = canvas.captureStream(0);
    this.#track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
    this.#recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS_PER_SECOND });
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#parts.push(data));
    this.#recorder.start();
  }

  /** Takes a picture, and waits for the time of the next: a recorder knows no other clock than the machine's. */
  async take(place: number): Promise<void> {
    this.#track.requestFrame();
    const due = this.#begun + ((place + 1) * 1000) / this.#perSecond;
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
  }

  async end(): Promise<Blob[]> {
    await new Promise((done) => {
      this.#recorder.addEventListener('stop', done);
      this.#recorder.stop();
    });
    this.#track.stop();
    return this.#parts;
  }
}
