/** What a figure shows while it sleeps: its lab's picture, and a button that wakes it. */
import { asleep } from './words.ts';

/** The id of a lab in a link: `#/double-charge?seed=7`. */
const LAB = /#\/([\w-]+)/;

/** What is shown of the run that these attributes name; `home` is an address in the folder of the full page. */
export function poster(
  src: string | null,
  lab: string | null,
  home: string,
  wake: () => void,
): HTMLElement {
  const button = document.createElement('button');
  button.className = 'poster';
  button.ariaLabel = asleep.play;
  button.addEventListener('click', wake);
  const id = src === null ? lab : LAB.exec(src)?.[1];
  if (id) button.append(picture(new URL(`./posters/${encodeURIComponent(id)}.svg`, home).href));
  return button;
}

/** Why it could not be woken, below the picture, with a button that tries again. */
export function trouble(sentence: string, wake: () => void): HTMLElement {
  const told = document.createElement('p');
  told.className = 'trouble';
  told.role = 'alert';
  const button = document.createElement('button');
  button.textContent = asleep.again;
  button.addEventListener('click', wake);
  told.append(sentence, ' ', button);
  return told;
}

/** Of a lab that has no picture, the ground is shown. */
function picture(address: string): HTMLImageElement {
  const image = document.createElement('img');
  image.alt = '';
  image.loading = 'lazy';
  image.src = address;
  image.addEventListener('error', () => image.remove());
  return image;
}
