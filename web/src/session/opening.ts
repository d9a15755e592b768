/** Opens the first run of a page, or tells why there is none. */
import { nextTask } from '../core/index.ts';
import { breakOff, heldBack, prepared, type Failure } from './run/failure.ts';
import { Session, type Opening } from './session.ts';

/** What shows a run, or why there is none. */
interface Shows {
  session: Session | undefined;
  failure: Failure | undefined;
}

/** Opens the run of the address, unless the page was closed over that the last time. */
export async function open(element: Shows, opening: Opening): Promise<void> {
  if (opening.address.wasClosedOver) element.failure = heldBack(opening.address.link);
  else await openAnyway(element, opening);
}

/** Opens the run of the address: at once, if all that it needs is there. */
export async function openAnyway(element: Shows, opening: Opening): Promise<void> {
  const { core, address } = opening;
  element.failure = undefined;
  const { link } = address;
  // While that is loaded, another figure may open the one run that can be opened before all is there.
  while (!core.isReady(link)) {
    const failure = await prepared(core, link);
    // Making the parts and opening the run are two tasks: together they would hold up the page.
    await nextTask();
    // Meanwhile the reader may have gone on to another one.
    if (element.session || address.link !== link) return;
    element.failure = failure;
    if (failure) return;
  }
  address.noteBusy();
  try {
    const run = core.open(link, opening.memoryMiB);
    const { generation } = core;
    // So are opening it and reading it.
    await nextTask();
    if (element.session || address.link !== link) {
      core.close(run);
      if (!element.session) address.noteDone();
    } else if (core.generation === generation) element.session = new Session(opening, run);
    // The simulator broke meanwhile, over another figure.
    else await openAnyway(element, opening);
  } catch (fault) {
    element.failure = { ...breakOff(core, fault, link), outcome: 'none' };
    address.noteDone();
  }
}
