/** Loads the simulator, to open `link` with it, or says in words why there is none; beside it what shows the run. */
import { CoreUnavailable, loadCore, nextTask, unavailable, type Core } from '../core/index.ts';
import { words } from '../words.ts';

/** What shows a run, or why there is none. */
interface Shows extends HTMLElement {
  unavailable: string | undefined;
}

export async function start(
  element: Shows,
  link: string,
  shown: Promise<unknown>,
  show: (core: Core) => void | Promise<void>,
): Promise<void> {
  try {
    const isShown = shown.catch(async (cause: unknown) => {
      throw await unavailable(cause, words.unavailable.scriptNotLoaded);
    });
    const [core] = await Promise.all([loadCore(link), isShown]);
    await nextTask();
    await show(core);
  } catch (fault) {
    const sentence =
      fault instanceof CoreUnavailable
        ? fault.message
        : words.unavailable.broke(link.slice(0, 300), String(fault));
    element.unavailable = sentence;
    // Without its own script it is an element like any other.
    if (!customElements.get(element.localName)) element.replaceChildren(sentence);
  }
}
