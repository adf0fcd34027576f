import { get, token } from './api.js';
import { now } from './clock.js';
import { rowsOf } from './rows.js';
import { Stream } from './stream.js';

const SIZES_EVERY = 60_000;
const REBALANCE_EVERY = 3_000;
const POLL_EVERY = 2_000;
const JOURNAL_KEPT = 1000;

/** What each kind of event replaces. */
const VIEWS = ['status', 'workers', 'nodes', 'plan'];

/**
 * All that the page knows, from the stream and, for what the stream does not tell, from questions of its own. Tells its
 * listener after each change.
 */
export class Store {
  status = null;
  workers = null;
  nodes = null;
  plan = null;
  journal = null;
  sizes = null;
  rebalance = null;
  rows = [];
  connection = { live: false, failures: 0, retryAt: null };
  /** When something was last heard, to say how old all of it is. */
  heardAt = null;
  /** Why nothing may be read, if so. */
  problem = null;
  /** 'absent', or 'present' once the server took it. */
  access = token.get() ? 'present' : 'absent';

  #changed;
  #stream;

  constructor(changed) {
    this.#changed = changed;
    this.#stream = new Stream(
      'api/v1/stream',
      (event, data) => this.#heard(event, data),
      (connection) => this.#connected(connection),
    );
  }

  start() {
    this.#stream.open();
    this.#ask('sizes', SIZES_EVERY);
    this.#ask('rebalance', REBALANCE_EVERY);
  }

  /** Begins anew with another token, or without one. */
  accessChanged() {
    this.access = token.get() ? 'present' : 'absent';
    this.problem = null;
    this.#changed();
    this.#stream.open();
  }

  /** After an order: what it changed is not waited for. */
  refresh() {
    this.#once('rebalance');
  }

  #heard(event, data) {
    this.heardAt = now();
    this.problem = null;
    if (VIEWS.includes(event)) {
      this[event] = data;
      this.rows = event === 'workers' || event === 'nodes' ? rowsOf(this.workers, this.nodes, this.sizes) : this.rows;
    } else if (event === 'journal') {
      this.#learnt(data.entries ?? [data]);
    }
    this.#changed();
  }

  #learnt(entries) {
    const known = new Set((this.journal ?? []).map((entry) => entry.id));
    const news = entries.filter((entry) => !known.has(entry.id));
    this.journal = [...news, ...(this.journal ?? [])].sort((a, b) => b.id - a.id).slice(0, JOURNAL_KEPT);
  }

  /** Where there is no stream (an older Roster, a proxy that does not know it), the same is asked for again and again. */
  async #poll() {
    try {
      const views = await Promise.all(VIEWS.map((view) => get(view)));
      const { entries } = await get(`journal?limit=${JOURNAL_KEPT}`).catch(() => ({ entries: [] }));
      VIEWS.forEach((view, index) => this.#heard(view, views[index]));
      this.#heard('journal', { entries });
      this.#isLive({ live: true, failures: 0, retryAt: null, problem: null });
    } catch (failure) {
      this.#isLive({
        live: false,
        failures: this.connection.failures + 1,
        retryAt: now() + POLL_EVERY,
        problem: failure.status ? failure : null,
      });
    }
    setTimeout(() => this.#poll(), POLL_EVERY);
  }

  #connected(connection) {
    if (connection.problem?.status === 404) {
      this.#stream.close();
      this.#poll();
    } else {
      this.#isLive(connection);
    }
  }

  #isLive(connection) {
    const isBack = connection.live && !this.connection.live;
    this.connection = connection;
    this.problem = connection.problem ?? (connection.live ? null : this.problem);
    this.#changed();
    if (isBack) {
      this.#history();
      this.#once('sizes');
      this.#once('rebalance');
    }
  }

  /** Everything since whenever: another process may have written while this page was away. */
  async #history() {
    try {
      const { entries } = await get(`journal?limit=${JOURNAL_KEPT}`);
      this.journal = entries;
    } catch (failure) {
      this.journal ??= [];
    }
    this.#changed();
  }

  async #ask(part, pause) {
    if (this.connection.live && document.visibilityState === 'visible') {
      await this.#once(part);
    }
    setTimeout(() => this.#ask(part, pause), pause);
  }

  async #once(part) {
    try {
      this[part] = await get(part);
    } catch (failure) {
      this[part] = { ...this[part], failure };
    }
    if (part === 'sizes') {
      this.rows = rowsOf(this.workers, this.nodes, this.sizes);
    }
    this.#changed();
  }
}
