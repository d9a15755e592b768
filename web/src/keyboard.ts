/** The page's keys. */

export type Command =
  | 'toggle'
  | 'step'
  | 'step-back'
  | 'faster'
  | 'slower'
  | 'help';

const COMMANDS: Readonly<Record<string, Command>> = {
  ' ': 'toggle',
  ArrowRight: 'step',
  ArrowLeft: 'step-back',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  '?': 'help',
};

/** The button that was clicked last, until the reader moves on with the keyboard. */
let clicked: EventTarget | undefined;

document.addEventListener('click', (event) => {
  // A click that a key made has no detail.
  clicked = event.detail > 0 ? event.composedPath().find(isButton) : undefined;
});

/** The command that a key press means, unless whatever has the focus needs the key itself. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if (event.key === 'Tab') clicked = undefined;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  const arrow = event.key.startsWith('Arrow');
  if (arrow && event.shiftKey) return undefined;
  if (event.repeat && !arrow) return undefined;
  const command = COMMANDS[event.key];
  const target = event.composedPath()[0];
  if (command && target instanceof Element && keeps(target, event.key)) return undefined;
  return command;
}

function keeps(target: Element, key: string): boolean {
  if (target instanceof HTMLInputElement) {
    return target.type === 'range' ? key.startsWith('Arrow') : true;
  }
  // A button that was clicked keeps the focus; the space bar then still means play.
  if (isButton(target)) return key === ' ' && target !== clicked;
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

function isButton(target: EventTarget): target is HTMLButtonElement {
  return target instanceof HTMLButtonElement;
}
