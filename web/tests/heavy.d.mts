/** So many heavy links, and those that did harm; or what `SLOWFIRE_HEAVY` says: a number, `drawn:20`, `all`, or one link. */
export function heavyLinks(count: number): string[];
