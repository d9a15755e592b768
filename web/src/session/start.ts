/** Loads the simulator, to open `link` with it, or says in words why there is none. `shown` loads what shows the run. */
import { CoreUnavailable, loadCore, nextTask, type Core } from '../core/index.ts';
import { words } from '../words.ts';

/** What shows a run, or why there is none. */
interface Shows {
  unavailable: string | undefined;
}

export async function start(
  element: Shows,
  link: string,
  shown: Promise<unknown>,
  show: (core: Core) => void | Promise<void>,
): Promise<void> {
  try {
    const [core] = await Promise.all([loadCore(link), shown]);
    await nextTask();
    await show(core);
  } catch (fault) {
    element.unavailable =
      fault instanceof CoreUnavailable ? fault.message : words.unavailable.broke(String(fault));
  }
}
