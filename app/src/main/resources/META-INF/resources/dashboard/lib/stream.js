import { headers, problemOf } from './api.js';
import { learnFrom, now } from './clock.js';

const LONGEST_PAUSE = 10_000;
const SILENCE = 60_000;

/**
 * The stream of the server's events, kept open. Read by fetch, since an EventSource cannot send a token.
 *
 * Calls back with each event and with each change of the connection: whether it is live, how often it failed since it last
 * was, when it is tried again, and why it failed.
 */
export class Stream {
  #path;
  #heard;
  #changed;
  #lastId = null;
  #failures = 0;
  #abort = null;
  #timer = null;
  #silence = null;

  constructor(path, heard, changed) {
    this.#path = path;
    this.#heard = heard;
    this.#changed = changed;
  }

  /** Opens it now, whatever it was doing; also after a new token. */
  open() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.#read(this.#abort);
  }

  /** Ends it for good. */
  close() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  async #read(abort) {
    try {
      const response = await fetch(this.#path, { cache: 'no-store', headers: this.#headers(), signal: abort.signal });
      learnFrom(response);
      if (!response.ok) {
        throw problemOf(response.status, await response.json().catch(() => ({})));
      }
      await this.#events(response.body.pipeThrough(new TextDecoderStream()), abort);
      throw new Error('the stream has ended');
    } catch (failure) {
      clearTimeout(this.#silence);
      if (this.#abort === abort) {
        this.#failed(failure);
      }
    }
  }

  #headers() {
    const base = { Accept: 'text/event-stream' };
    return headers(this.#lastId ? { ...base, 'Last-Event-ID': this.#lastId } : base);
  }

  async #events(text, abort) {
    let buffer = '';
    this.#failures = 0;
    this.#changed({ live: true, failures: 0, retryAt: null, problem: null });
    for await (const chunk of text) {
      this.#expectMore(abort);
      buffer = (buffer + chunk).replaceAll('\r\n', '\n');
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        this.#event(buffer.slice(0, end));
        buffer = buffer.slice(end + 2);
      }
    }
  }

  /** A server that sends nothing, not even a comment, is gone, whatever the network says. */
  #expectMore(abort) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => abort.abort(), SILENCE);
  }

  #event(block) {
    const fields = { event: 'message', data: [] };
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'data') {
        fields.data.push(value);
      } else if (name === 'event' || name === 'id') {
        fields[name] = value;
      }
    }
    if (fields.id !== undefined) {
      this.#lastId = fields.id;
    }
    if (fields.data.length > 0) {
      this.#heard(fields.event, JSON.parse(fields.data.join('\n')));
    }
  }

  #failed(failure) {
    this.#failures += 1;
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => this.open(), pause);
    this.#changed({
      live: false,
      failures: this.#failures,
      retryAt: now() + pause,
      problem: failure.status ? failure : null,
    });
  }
}
