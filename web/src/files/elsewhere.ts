/** A file that a link names: `#url=` and its address, or `#gist=` and the id of a gist on GitHub, perhaps with `/` and a file. */
import { Refusal, MOST_BYTES } from './open.ts';
import { words } from './words.ts';

const NAMED = /^#(?<kind>url|gist)=(?<named>.*)$/s;
/** What a host answers that has no such file. */
const MISSING = new Set([404, 410]);
/** A gist on GitHub is read by its API, which allows every page to. */
const GIST = /^(?:[\w-]+\/)?(?<id>[0-9a-f]{5,64})(?:\/(?<file>[^/]+))?$/;

export function namesFile(link: string): boolean {
  return NAMED.test(link);
}

/** Which other host a link makes this page read from, if it does. */
export function hostOf(link: string): string | undefined {
  const { kind, named = '' } = NAMED.exec(link)?.groups ?? {};
  if (kind === 'gist') return 'api.github.com';
  const text = URL.canParse(named) ? named : unescaped(named);
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const isElsewhere = address && address.host !== '' && address.origin !== window.location.origin;
  return isElsewhere === true ? address.host : undefined;
}

/** Fetches the file that a link names. A `Refusal` says why there is none. */
export async function fetched(link: string, signal: AbortSignal): Promise<File> {
  const { kind = '', named = '' } = NAMED.exec(link)?.groups ?? {};
  const text = URL.canParse(named) ? named : unescaped(named);
  return kind === 'gist' ? ofGist(text, signal) : ofAddress(text, signal);
}

/** What a link says may be escaped, and need not be. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function ofAddress(text: string, signal: AbortSignal): Promise<File> {
  const address = addressIn(text);
  const content = await contentOf(await answerOf(address, signal), address);
  return new File([content], address.pathname.split('/').at(-1) ?? '');
}

function addressIn(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = address?.hostname === 'localhost' || address?.hostname === '127.0.0.1';
  const isAllowed = address?.protocol === 'https:' || (address?.protocol === 'http:' && isLocal);
  if (!address || !isAllowed) throw new Refusal(words.elsewhere.noAddress(text));
  return address;
}

async function ofGist(text: string, signal: AbortSignal): Promise<File> {
  const { id, file } = GIST.exec(text)?.groups ?? {};
  if (id === undefined) throw new Refusal(words.elsewhere.noGist(text));
  const address = new URL(`https://api.github.com/gists/${id}`);
  const told = JSON.parse(await contentOf(await answerOf(address, signal), address)) as {
    files?: Record<string, { filename: string; raw_url: string }>;
  };
  const files = Object.values(told.files ?? {});
  const found = file === undefined ? files[0] : files.find(({ filename }) => filename === file);
  if (!found) throw new Refusal(words.elsewhere.notInGist(files.map(({ filename }) => filename)));
  return ofAddress(found.raw_url, signal);
}

/** A browser does not say why it could not read something. */
async function answerOf(address: URL, signal: AbortSignal): Promise<Response> {
  const response = await fetch(address, {
    signal,
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  }).catch(() => {
    throw new Refusal(words.elsewhere.unreachable(address.host));
  });
  if (!response.ok && !MISSING.has(response.status))
    throw new Refusal(words.elsewhere.unwilling(address.host, response.status));
  if (!response.ok) throw new Refusal(words.elsewhere.status(address.host, response.status));
  return response;
}

/** No more is read than the page would open. */
async function contentOf({ body }: Response, { host }: URL): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  for (let read = await reader?.read(), bytes = 0; read && !read.done; read = await reader?.read()) {
    bytes += read.value.length;
    text += decoder.decode(read.value, { stream: true });
    if (bytes > MOST_BYTES) throw new Refusal(words.elsewhere.tooLarge(host, MOST_BYTES));
  }
  return text + decoder.decode();
}
