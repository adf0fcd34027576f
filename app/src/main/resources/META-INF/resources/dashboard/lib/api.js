import { learnFrom } from './clock.js';

const TOKEN = 'roster.token';
const PATIENCE = 20_000;

/** A request that was not answered as hoped; says so in words. */
export class Problem extends Error {
  constructor(status, title, detail, remedy) {
    super(detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.remedy = remedy ?? null;
  }
}

/** The token of this tab; it is gone when the tab is closed. */
export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (text) => sessionStorage.setItem(TOKEN, text),
  forget: () => sessionStorage.removeItem(TOKEN),
};

/** What stands behind # is sent to no server: a link may hand over the token, which then leaves the address. */
const given = new URLSearchParams(location.hash.slice(1)).get('token');
if (given) {
  token.set(given);
  history.replaceState(null, '', location.pathname + location.search);
}

/** Whose name an order bears in the journal. */
const BY = 'dashboard';

export function headers(more = {}) {
  const secret = token.get();
  return secret ? { ...more, Authorization: `Bearer ${secret}` } : more;
}

export async function get(path) {
  return answer(await send(path, { headers: headers({ Accept: 'application/json' }) }));
}

/** An order. */
export async function order(method, path, body = {}) {
  return answer(
    await send(path, {
      method,
      headers: headers({ 'Content-Type': 'application/json', Accept: 'application/json' }),
      body: JSON.stringify({ by: BY, ...body }),
    }),
  );
}

/** The path of an order for this worker or node. */
export function orderPath(name, kind) {
  return `workers/${encodeURIComponent(name)}/${kind}`;
}

async function send(path, options) {
  try {
    return await fetch(`api/v1/${path}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch (failure) {
    throw new Problem(0, 'Not reached', 'Roster does not answer this browser.', null, { cause: failure });
  }
}

async function answer(response) {
  learnFrom(response);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw problemOf(response.status, body);
  }
  return body;
}

/** What a refusal says, which is JSON unless something between here and Roster made it. */
export function problemOf(status, body) {
  return new Problem(status, body.title ?? 'Refused', body.detail ?? `The answer was ${status}.`, body.remedy);
}
