/**
 * Whether an element can be seen: it is in view, and neither it nor what is around it is made invisible. Slides of many
 * decks lie on each other, all in view, and all but one without opacity.
 */

/** No event tells of opacity. It is asked for this often, and only of what is in view. */
const BETWEEN_LOOKS_MS = 500;

export class Sight {
  readonly #element: Element;
  readonly #onChange: (isSeen: boolean) => void;
  /** Nothing before the first look. */
  #isSeen: boolean | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;
  readonly #view = new IntersectionObserver((entries) => {
    this.#enter(entries.at(-1)?.isIntersecting === true);
  });

  constructor(element: Element, onChange: (isSeen: boolean) => void) {
    this.#element = element;
    this.#onChange = onChange;
  }

  observe(): void {
    this.#view.observe(this.#element);
  }

  disconnect(): void {
    this.#view.disconnect();
    clearInterval(this.#looks);
    this.#isSeen = undefined;
  }

  #enter(isInView: boolean): void {
    clearInterval(this.#looks);
    if (isInView) this.#looks = setInterval(() => this.#look(), BETWEEN_LOOKS_MS);
    this.#look(isInView);
  }

  #look(isInView = true): void {
    const isSeen =
      isInView && this.#element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (isSeen === this.#isSeen) return;
    this.#isSeen = isSeen;
    this.#onChange(isSeen);
  }
}
