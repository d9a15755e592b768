/** Opens the first run of a page, or tells why there is none. */
import { breakOff, heldBack, type Failure } from './run/failure.ts';
import { Session, type Opening } from './session.ts';

/** What shows a run, or why there is none. */
interface Shows {
  session: Session | undefined;
  failure: Failure | undefined;
}

/** Opens the run of the address, unless the page was closed over that the last time. */
export function open(element: Shows, opening: Opening): void {
  if (opening.address.wasClosedOver) element.failure = heldBack(opening.address.link);
  else openAnyway(element, opening);
}

/** Opens the run of the address. */
export function openAnyway(element: Shows, opening: Opening): void {
  const { core, address } = opening;
  element.failure = undefined;
  address.noteBusy();
  try {
    element.session = new Session(opening);
  } catch (fault) {
    element.failure = { ...breakOff(core, fault, address.link), outcome: 'none' };
    address.noteDone();
  }
}
