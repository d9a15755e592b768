// The calls that first views make of a run: all that may be called before the rest of the simulator is there.
//
// A first view is a lab as it is, opened and watched: nothing of it is changed, asked or compared. `build/record.mjs` makes these
// calls of every lab, and what they reach in the module is loaded first; the gate (`gate.ts`) refuses any other one until then.

/** Methods of a run. */
export const FIRST = [
  'about',
  'aim_ms',
  'challenge',
  'changes',
  'digest',
  'end_ms',
  'free',
  'futures',
  'go_on',
  'guess',
  'is_on_its_way',
  'is_step_known',
  'lesson',
  'link',
  'link_from_start',
  'look',
  'marks',
  'names_moment',
  'next_activity_ms',
  'outlook',
  'paint',
  'perspective',
  'problems',
  'revision_note',
  'seek',
  'set_palette',
  'show_view',
  'state',
  'stay',
  'step_ms',
  'steps',
  'story',
  'time_ms',
  'twin',
  'view',
  'violation_ms',
];

/** Whether a look, as JSON text, shows the run to everybody, with nothing selected in it. */
export function isFirstLook(json) {
  const { perspective, selected_event, first_index } = JSON.parse(json);
  return [perspective, selected_event, first_index].every((chosen) => chosen == null);
}

/** The lab of a link that names one as it is. */
export function labAsItIs(link) {
  return /^#\/([\w-]+)$/.exec(link)?.[1];
}
