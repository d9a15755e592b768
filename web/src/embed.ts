/** The frame: a figure that fills it, wakes when it is first seen, and exchanges messages with the embedding page. */
import { Sight } from './components/base/sight.ts';
import { poster } from './element/asleep.ts';
import { asleep } from './element/words.ts';
import { languageFor } from './element/language.ts';
import type { SfEmbed } from './components/page/sf-embed.ts';
import type { Figure } from './element/figure.ts';
import { commandIn, message, type Command, type Told } from './element/messages.ts';

const parameters = new URLSearchParams(window.location.search);
const { hash } = window.location;
const embed = document.querySelector('sf-embed');
/** An address in the folder of the full page: the frame of one lab is in a folder below. */
const home = new URL(embed?.dataset.home ?? './', window.location.href).href;

const attributes = (name: string) => {
  if (hash.length > 1 && name === 'src') return hash;
  // The frame of one lab shows that, unless its address says otherwise.
  if (name === 'lab' && hash.length <= 1 && !parameters.has('src'))
    return parameters.get(name) ?? embed?.dataset.lab ?? null;
  return parameters.get(name);
};
document.documentElement.lang = languageFor(parameters.get('lang'));
const theme = parameters.get('theme');
if (theme !== null) document.documentElement.dataset.theme = theme;

/** The origin of the embedding page, if the browser tells it. Some browsers do not, and a sandbox has none. */
function originAround(): string | undefined {
  const [origin] = 'ancestorOrigins' in window.location ? window.location.ancestorOrigins : [];
  return origin === undefined || origin === 'null' ? undefined : origin;
}

const isFramed = window.parent !== window;

function send<K extends keyof Told>(kind: K, detail: Told[K]): void {
  post(kind, detail);
}

function post(kind: keyof Told, detail: object): void {
  if (isFramed) window.parent.postMessage(message(kind, detail), originAround() ?? '*');
}

function obey(figure: Figure, command: Command): void {
  try {
    if (command.kind === 'play') figure.play();
    else if (command.kind === 'pause') figure.pause();
    else if (command.kind === 'seek') figure.seek(command.moment);
    else figure.open(command.link.slice(Math.max(0, command.link.indexOf('#'))));
  } catch (refusal) {
    send('error', { message: refusal instanceof Error ? refusal.message : String(refusal) });
  }
}

/** Commands that come before the figure is awake wait for it; `play` and `seek` wake it. */
function listen(wake: () => Promise<Figure | undefined>): void {
  window.addEventListener('message', ({ source, origin, data }) => {
    const isFromAround = isFramed && source === window.parent && origin === (originAround() ?? origin);
    const command = isFromAround ? commandIn(data) : undefined;
    if (command) void wake().then((figure) => figure && obey(figure, command));
  });
}

/** The height of the picture for a width, if nothing else sets it. A wide figure stays lower than a screen. */
const pictureHeight = (width: number) => Math.min(Math.max(width * 0.5, 220), 480);

/** Tells the embedding page which height the frame needs, whenever that changes. */
function tellHeight(embed: SfEmbed): void {
  let told = 0;
  const tell = () => {
    const stages = embed.renderRoot.querySelector('.stages');
    if (!stages) return;
    const height = Math.ceil(embed.clientHeight - stages.clientHeight + pictureHeight(embed.clientWidth));
    if (Math.abs(height - told) > 1) send('resize', { height });
    told = height;
  };
  const sizes = new ResizeObserver(tell);
  sizes.observe(embed);
  for (const part of embed.renderRoot.querySelectorAll('.stages, sf-defences')) sizes.observe(part);
}

async function wake(embed: SfEmbed): Promise<Figure | undefined> {
  const [{ wake }, { Address }] = await Promise.all([
    import('./element/figure.ts'),
    import('./session/address.ts'),
  ]).catch((cause: unknown) => {
    throw new Error(asleep.notLoaded, { cause });
  });
  const figure = await wake({
    embed,
    home,
    attributes,
    scenario: undefined,
    holder: (link) => {
      if (hash.length <= 1 && link.length > 2) window.history.replaceState(null, '', link);
      return new Address((visited) => figure?.open(visited));
    },
    tell: (kind, detail) => {
      post(kind === 'timechange' ? 'state' : kind, detail);
    },
  });
  await embed.updateComplete;
  document.querySelector('h1')?.replaceChildren(figure?.session?.about.lab.question ?? document.title);
  if (figure && isFramed) tellHeight(embed);
  return figure;
}

/** Wakes the figure once. After a failure, the next call tries again. */
function waker(embed: SfEmbed): () => Promise<Figure | undefined> {
  let waking: Promise<Figure | undefined> | undefined;
  const forget = (fault?: unknown) => {
    waking = undefined;
    if (fault instanceof Error) send('error', { message: fault.message });
    return undefined;
  };
  return () => (waking ??= wake(embed).then((figure) => figure ?? forget(), forget));
}

if (embed) {
  const wakeOnce = waker(embed);
  const play = () => void wakeOnce().then((figure) => figure?.play());
  embed.replaceChildren(poster(attributes('src'), attributes('lab'), home, play));
  const sight = new Sight(embed, (isSeen) => {
    if (!isSeen) return;
    sight.disconnect();
    void wakeOnce();
  });
  if (attributes('loading') === 'eager') void wakeOnce();
  else if (attributes('reveal') !== 'interaction') sight.observe();
  listen(wakeOnce);
}
