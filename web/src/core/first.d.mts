/** The methods of a run that first views call. */
export const FIRST: readonly string[];
/** Whether a look, as JSON text, shows the run to everybody, with nothing selected in it. */
export function isFirstLook(json: string): boolean;
/** The lab of a link that names one as it is. */
export function labAsItIs(link: string): string | undefined;
