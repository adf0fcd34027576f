import { html, nothing } from 'lit';
import { get, order } from '../lib/api.js';
import { Part } from '../lib/part.js';
import { bytes, count, spoken } from '../lib/words.js';
import { confirmed } from './confirm-dialog.js';
import { progress } from './order-list.js';
import './time-parts.js';
import { meaningOf, transferMode } from './transfer-mode.js';

const MOST = 8;
const RUNNING = ['ordered', 'scheduled', 'running', 'cancelling', 'failing'];

/** Whose job it is that moves shards. */
const KINDS = { rebalance: 'Shards are spread evenly', drain: 'A drain moves shards', foreign: 'Somebody else moves shards' };

/** Spreading shards evenly: what would move, its start, how far it is, and its stop. */
class RebalancePanel extends Part {
  static properties = { rebalance: { attribute: false }, mayOrder: { attribute: false }, said: { state: true }, preview: { state: true }, mode: { state: true } };

  constructor() {
    super();
    this.mode = 'auto';
  }

  /** What would have moved is moving. */
  willUpdate() {
    if (RUNNING.includes(this.rebalance?.state)) {
      this.preview = null;
    }
  }

  render() {
    return html`
      <section class="card" aria-labelledby="rebalance-title">
        <div class="card-head"><h2 id="rebalance-title">Rebalance</h2></div>
        ${this.#body()}
        <p class="said" role="status">${this.said ?? ''}</p>
      </section>
    `;
  }

  #body() {
    const { rebalance } = this;
    if (rebalance === null) {
      return html`<p class="empty" aria-busy="true">Asking whether shards move.</p>`;
    }
    if (rebalance.state === undefined) {
      return html`<p class="empty">Not known: ${rebalance.failure?.detail ?? 'no answer'}</p>`;
    }
    return RUNNING.includes(rebalance.state) ? this.#running(rebalance) : this.#resting(rebalance);
  }

  #running(rebalance) {
    const { moves = {}, current = [], stall } = rebalance;
    return html`
      <p><strong>${KINDS[rebalance.kind] ?? 'Shards are moving'}</strong> <span class="tag ${stall ? 'alarm' : 'changing'}">${stall ? 'stalled' : spoken(rebalance.state)}</span>
        <span class="aside">${rebalance.by ? `ordered by ${rebalance.by}, ` : ''}${rebalance.startedAt ? html`<time-ago .instant=${rebalance.startedAt}></time-ago>` : nothing}</span></p>
      ${moves.total > 0 ? progress({
        done: moves.done, total: moves.total, bytesDone: rebalance.bytes?.moved, bytesTotal: rebalance.bytes?.total,
        bytesPerSecond: rebalance.bytesPerSecond, etaSeconds: rebalance.etaSeconds,
      }) : nothing}
      ${stall ? html`<p class="answer alarm">${stall.sentence}</p><p>To do: ${stall.remedy}</p>` : nothing}
      ${list(current)}
      ${this.mayOrder && rebalance.kind !== 'drain' ? html`<button @click=${this.#stop}>Stop</button>` : nothing}
    `;
  }

  #resting(rebalance) {
    const { stall, hint } = rebalance;
    return html`
      ${rebalance.state === 'failed' ? html`<p class="answer alarm">${stall?.sentence ?? 'The last one failed.'}</p>${stall ? html`<p>To do: ${stall.remedy}</p>` : nothing}${this.mayOrder ? html`<button @click=${this.#dismiss}>Dismiss it</button>` : nothing}` : nothing}
      ${hint ? html`<p>${hint}</p>` : nothing}
      ${this.preview ? this.#previewed(this.preview) : html`
        <p class="empty"><strong>No shards are moving.</strong></p>
        <button @click=${this.#preview}>Show what would move</button>`}
    `;
  }

  #previewed(moves) {
    if (moves.length === 0) {
      return html`
        <p class="empty"><strong>Nothing would move.</strong> The shards lie as Citus wants them.</p>
        <button @click=${this.#preview}>Ask again</button>`;
    }
    const together = moves.reduce((sum, move) => sum + move.bytes, 0);
    return html`
      <p><strong>${count(moves.length, 'shard')} would move</strong>${together > 0 ? html`, ${bytes(together)} together` : nothing}.</p>
      ${list(moves)}
      ${this.mayOrder
        ? html`${transferMode(this.mode, (mode) => { this.mode = mode; })}<button class="primary" @click=${() => this.#start(moves.length)}>Rebalance</button>`
        : html`<p class="aside">To start it, enter the token above.</p>`}
      <button @click=${this.#preview}>Ask again</button>
    `;
  }

  async #preview() {
    try {
      this.preview = (await get('rebalance?preview=true')).preview;
      this.said = '';
    } catch (problem) {
      this.said = [problem.detail, problem.remedy].filter(Boolean).join('. To do: ');
    }
  }

  async #start(amount) {
    const means = `Citus moves ${count(amount, 'shard')} in the background, which takes disk, network and time on the nodes concerned. ${meaningOf(this.mode)}; it can be stopped, and what has moved stays.`;
    if (await confirmed('Rebalance the shards', means, 'Start')) {
      await this.#order('POST', { mode: this.mode });
    }
  }

  async #dismiss() {
    const means = 'The failed rebalance is forgotten. What has moved stays where it is.';
    if (await confirmed('Dismiss the failed rebalance', means, 'Dismiss it')) {
      await this.#order('DELETE');
    }
  }

  async #stop() {
    if (await confirmed(this.rebalance.kind === 'rebalance' ? 'Stop the rebalance' : 'Stop the moves that somebody else began', 'Moves that are done stay. The one under way is given up and cleaned away by Citus.', 'Stop it')) {
      await this.#order('DELETE');
    }
  }

  async #order(method, choices = {}) {
    try {
      this.said = (await order(method, 'rebalance', choices)).sentence;
      this.preview = null;
    } catch (problem) {
      this.said = [problem.detail, problem.remedy].filter(Boolean).join('. To do: ');
    }
    this.dispatchEvent(new CustomEvent('ordered', { bubbles: true }));
  }
}

function list(moves) {
  if (moves.length === 0) {
    return nothing;
  }
  return html`
    <ul class="moves">${moves.slice(0, MOST).map((move) => html`<li><span>${move.table ?? 'shard'} ${move.shard ?? ''}</span> <span class="aside">${move.source} to ${move.target}${move.bytes ? `, ${bytes(move.bytes)}` : ''}</span></li>`)}</ul>
    ${moves.length > MOST ? html`<p class="aside">and ${moves.length - MOST} more</p>` : nothing}
  `;
}

customElements.define('rebalance-panel', RebalancePanel);
