/** Addresses of scripts for a page with trusted types. */

/** The policy that the page's own policy names: it gives the addresses of its workers, and no others. */
const POLICY = 'slowfire-worker';

interface Policy {
  createScriptURL(of: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/** The address of a script of this site, as `Worker` and `register` take it. */
export function trustedAddress(address: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy(POLICY, { createScriptURL: ofThisSite });
  return policy?.createScriptURL(address) ?? address;
}

function ofThisSite(address: string): string {
  const { origin, href } = new URL(address, import.meta.url);
  if (origin !== new URL(import.meta.url).origin) throw new TypeError(address);
  return href;
}
