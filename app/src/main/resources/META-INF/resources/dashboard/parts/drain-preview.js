import { html, nothing } from 'lit';
import { order, orderPath } from '../lib/api.js';
import { Part } from '../lib/part.js';
import { bytes, count } from '../lib/words.js';
import { transferMode } from './transfer-mode.js';

const MOST = 8;

/**
 * What a drain would do, asked before it is ordered: how many shards, how large, whereto, and what hinders it. Tells by
 * `drain-previewed` which mode was chosen and whether the order would be refused.
 */
class DrainPreview extends Part {
  static properties = { address: {}, rows: { attribute: false }, mode: { state: true }, told: { state: true }, problem: { state: true }, busy: { state: true } };
  #asked = 0;

  constructor() {
    super();
    this.mode = 'auto';
  }

  willUpdate(changed) {
    if (changed.has('address') && this.address) {
      this.mode = 'auto';
      this.told = null;
      this.#ask();
    }
  }

  async #ask() {
    const turn = ++this.#asked;
    this.busy = true;
    this.problem = null;
    this.#tell(true);
    try {
      const told = await order('POST', orderPath(this.address, 'drain/preview'), { mode: this.mode });
      this.#answered(turn, told, null);
    } catch (problem) {
      this.#answered(turn, null, problem);
    }
  }

  #answered(turn, told, problem) {
    if (turn === this.#asked) {
      this.told = told;
      this.problem = problem;
      this.busy = false;
      this.#tell(false);
    }
  }

  #tell(waits) {
    const hindered = !waits && this.told?.answer === 'refused';
    this.dispatchEvent(new CustomEvent('drain-previewed', { bubbles: true, detail: { mode: this.mode, waits, hindered } }));
  }

  render() {
    return html`
      <div class="preview" aria-busy=${Boolean(this.busy)}>
        <div role="status">${this.#body()}</div>
        ${this.#modes()}
        ${this.busy || (this.told && this.told.answer !== 'refused') ? nothing : html`<button type="button" class="small" @click=${() => this.#ask()}>Ask again</button>`}
      </div>
    `;
  }

  #body() {
    if (this.busy) {
      return html`<p class="aside">Asking Citus what would move.</p>`;
    }
    if (this.problem) {
      return html`<p class="answer alarm">What would move is not known: ${this.problem.detail}</p>`;
    }
    const { answer, sentence, remedy, shards } = this.told;
    if (answer === 'refused') {
      return html`<p class="answer alarm">${sentence}</p><p>To do: ${remedy}</p>`;
    }
    return shards > 0 ? this.#moves(this.told) : html`<p>${sentence}.</p>`;
  }

  #moves({ shards, bytes: size, targets, alsoFrom }) {
    return html`
      <p><strong>${count(shards, 'shard')} would move</strong>${size > 0 ? `, ${bytes(size)} together` : ''}:</p>
      <ul class="moves">
        ${targets.slice(0, MOST).map((target) => html`<li>${count(target.shards, 'shard')}${target.bytes > 0 ? ` (${bytes(target.bytes)})` : ''} to ${this.#named(target.node)}</li>`)}
      </ul>
      ${targets.length > MOST ? html`<p class="aside">and to ${count(targets.length - MOST, 'more node')}</p>` : nothing}
      ${alsoFrom.length > 0 ? html`<p>Citus moves the shards of ${alsoFrom.map((address) => this.#named(address)).join(', ')} along, since ${alsoFrom.length === 1 ? 'it is' : 'they are'} to have none.</p>` : nothing}
    `;
  }

  #named(address) {
    return this.rows.find((row) => row.address === address)?.name ?? address;
  }

  /** Only where the usual way does not do. */
  #modes() {
    const told = this.told;
    if (this.mode === 'auto' && !(told?.tablesWithoutIdentity.length > 0) && (told?.walLevel ?? 'logical') === 'logical') {
      return nothing;
    }
    return transferMode(this.mode, (mode) => { this.mode = mode; this.#ask(); }, this.busy);
  }
}

customElements.define('drain-preview', DrainPreview);
