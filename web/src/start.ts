/** Loads the simulator and hands its run to the element that shows it. */
import type { SessionElement } from './components/session-element.ts';
import { CoreUnavailable, loadCore } from './core/index.ts';
import { Session } from './session.ts';

export async function start(element: SessionElement): Promise<void> {
  try {
    const core = await loadCore();
    element.show(new Session(core));
  } catch (fault) {
    element.unavailable =
      fault instanceof CoreUnavailable
        ? fault.message
        : `Slowfire’s simulator broke while it opened this link: ${String(fault)}`;
  }
}
