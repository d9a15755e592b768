/** A file that a link names: `#url=` and its address, or `#gist=` and the id of a gist on GitHub, perhaps with `/` and a file. */
import { Refusal } from './refusal.ts';
import { isOwn, textAt } from './reading.ts';
import { words } from './words.ts';

const NAMED = /^#(?<kind>url|gist)=(?<named>.*)$/s;
/** What is in a gist GitHub's API tells, which allows every page to ask; the files are on another host. */
const GISTS = 'api.github.com';
const GIST_FILES = 'gist.githubusercontent.com';
const GIST = /^(?:[\w-]+\/)?(?<id>[0-9a-f]{5,64})(?:\/(?<file>[^/]+))?$/;

/** What a link names. Nobody has been asked for it yet. */
export interface Named {
  /** The other hosts that are asked for it, and may send the page on; none where this page's own has it. */
  readonly hosts: readonly string[];
  /** Fails with a `Refusal` that says why there is none. */
  fetch(stop: AbortSignal): Promise<File>;
}

export function namesFile(link: string): boolean {
  return NAMED.test(link);
}

/** Fails with a `Refusal` where a link names nothing that may be fetched. */
export function namedBy(link: string): Named {
  const { kind, named = '' } = NAMED.exec(link)?.groups ?? {};
  const text = URL.canParse(named) ? named : unescaped(named);
  return kind === 'gist' ? gistNamed(text) : addressNamed(text);
}

/** What a link says may be escaped, and need not be. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function addressNamed(text: string): Named {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (!address || !(address.protocol === 'https:' || isOwn(address)))
    throw new Refusal(words.elsewhere.noAddress(text));
  // A name and a password are not for links, and no browser would send them.
  address.username = address.password = '';
  return { hosts: isOwn(address) ? [] : [address.host], fetch: (stop) => fileAt(address, stop) };
}

async function fileAt(address: URL, stop: AbortSignal): Promise<File> {
  const name = unescaped(address.pathname.split('/').at(-1) ?? '');
  return new File([await textAt(address, stop)], name === '' ? address.host : name);
}

function gistNamed(text: string): Named {
  const { id, file } = GIST.exec(text)?.groups ?? {};
  if (id === undefined) throw new Refusal(words.elsewhere.noGist(text));
  const address = new URL(`https://${GISTS}/gists/${id}`);
  return {
    hosts: [GISTS, GIST_FILES],
    fetch: async (stop) => {
      const files = filesOf(await textAt(address, stop), address);
      const found = file === undefined ? files[0] : files.find(({ filename }) => filename === file);
      if (!found) throw new Refusal(words.elsewhere.notInGist(files.map(({ filename }) => filename)));
      return fileAt(new URL(found.raw_url), stop);
    },
  };
}

interface GistFile {
  filename: string;
  raw_url: string;
}

function filesOf(answer: string, { href }: URL): GistFile[] {
  try {
    const { files } = JSON.parse(answer) as { files: Record<string, GistFile> };
    const all = Object.values(files);
    // The question to the reader names that host, and no other has files of gists.
    if (all.every(({ raw_url }) => new URL(raw_url).origin === `https://${GIST_FILES}`)) return all;
  } catch {
    // What it says then is no gist either.
  }
  throw new Refusal(words.elsewhere.noAnswer(href), true);
}
