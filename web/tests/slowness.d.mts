/** How much longer this machine's processor takes than the one that bounds in milliseconds are for, from 1 to 2. */
export function slowness(): number;
