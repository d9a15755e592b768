/** The page's keys. */

export type KeyCommand =
  | 'toggle'
  | 'step'
  | 'step-back'
  | 'next'
  | 'previous'
  | 'faster'
  | 'slower'
  | 'undo'
  | 'redo'
  | 'close'
  | 'help'
  | 'lift-fog'
  | 'present';

const COMMANDS: Readonly<Record<string, KeyCommand>> = {
  ' ': 'toggle',
  ArrowRight: 'step',
  ArrowLeft: 'step-back',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  '?': 'help',
  f: 'lift-fog',
  p: 'present',
  Escape: 'close',
};

const WITH_SHIFT: Readonly<Record<string, KeyCommand>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
};

const WITH_CONTROL: Readonly<Record<string, KeyCommand>> = { z: 'undo', y: 'redo' };
const WITH_CONTROL_AND_SHIFT: Readonly<Record<string, KeyCommand>> = { z: 'redo' };

/** Whether a key that was let go had lifted the fog. */
export function lowersFog({ key }: KeyboardEvent): boolean {
  return COMMANDS[letter(key)] === 'lift-fog';
}

/** The button that was clicked last, until the reader moves on with the keyboard. */
let clicked: EventTarget | undefined;

document.addEventListener('click', (event) => {
  // A click that a key made has no detail.
  clicked = event.detail > 0 ? event.composedPath().find(isButton) : undefined;
});

/** The command that a key press means, unless whatever has the focus needs the key itself. */
export function commandFor(event: KeyboardEvent): KeyCommand | undefined {
  if (event.key === 'Tab') clicked = undefined;
  if (event.altKey || event.defaultPrevented) return undefined;
  if (event.repeat && !event.key.startsWith('Arrow')) return undefined;
  const command = meaning(event);
  const target = event.composedPath()[0];
  if (command && target instanceof Element && keeps(target, event)) return undefined;
  return command;
}

function meaning({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): KeyCommand | undefined {
  if (ctrlKey || metaKey) return (shiftKey ? WITH_CONTROL_AND_SHIFT : WITH_CONTROL)[letter(key)];
  return shiftKey && key.startsWith('Arrow') ? WITH_SHIFT[key] : COMMANDS[letter(key)];
}

/** Whatever caps lock makes of it. */
function letter(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

function keeps(target: Element, { key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return key.startsWith('Arrow');
    if (target.type === 'checkbox' || target.type === 'radio')
      return key === ' ' || key.startsWith('Arrow');
    return key !== 'Escape';
  }
  if (ctrlKey || metaKey || key === 'Escape') return false;
  // A button that was clicked keeps the focus; the space bar then still means play.
  if (isButton(target)) return key === ' ' && target !== clicked;
  if (target instanceof HTMLElement && target.localName === 'summary') return key === ' ';
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

function isButton(target: EventTarget): target is HTMLButtonElement {
  return target instanceof HTMLButtonElement;
}
