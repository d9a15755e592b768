/** Opens the first run of a page, or tells why there is none. */
import type { Core } from '../core/index.ts';
import type { LinkHolder } from './address.ts';
import type { Device } from './choices.ts';
import { breakOff, heldBack, type Failure } from './run/failure.ts';
import { Session } from './session.ts';

/** What shows a run, or why there is none. */
interface Shows {
  session: Session | undefined;
  failure: Failure | undefined;
}

/** What a run is opened with; `autoplay` plays it at once where its link names no moment. */
interface Opening {
  core: Core;
  address: LinkHolder;
  device: Device;
  autoplay: boolean;
}

/** Opens the run of the address, unless the page was closed over that the last time. */
export function open(element: Shows, opening: Opening): void {
  if (opening.address.wasClosedOver) element.failure = heldBack(opening.address.link);
  else openAnyway(element, opening);
}

/** Opens the run of the address. */
export function openAnyway(element: Shows, { core, address, device, autoplay }: Opening): void {
  element.failure = undefined;
  address.noteBusy();
  try {
    element.session = new Session(core, address, device, autoplay);
  } catch (fault) {
    element.failure = { ...breakOff(core, fault, address.link), outcome: 'none' };
    address.noteDone();
  }
}
