import { html, nothing } from 'lit';
import { order, orderPath } from '../lib/api.js';
import { Part } from '../lib/part.js';

const WOULD_LOSE_DATA = 'Would lose data';

/**
 * The one order that loses rows: asks what would be lost, which Roster refuses with its names, and lets the person type the
 * worker's name to accept that. Tells by `loss-accepted` whether it was.
 */
class LossAcceptance extends Part {
  static properties = { address: {}, name: {}, other: {}, problem: { state: true }, busy: { state: true }, typed: { state: true } };
  #asked = 0;

  willUpdate(changed) {
    if (changed.has('other') || changed.has('address')) {
      this.typed = '';
      this.#ask();
    }
  }

  async #ask() {
    const turn = ++this.#asked;
    this.busy = true;
    this.problem = null;
    this.#tell();
    try {
      await order('POST', orderPath(this.address, 'replace'), { with: this.other });
    } catch (problem) {
      if (turn === this.#asked) {
        this.problem = problem;
      }
    }
    if (turn === this.#asked) {
      this.busy = false;
    }
  }

  get #losesRows() {
    return this.problem?.title === WOULD_LOSE_DATA;
  }

  #tell() {
    const accepted = !this.busy && this.#losesRows && this.typed.trim() === this.name;
    this.dispatchEvent(new CustomEvent('loss-accepted', { bubbles: true, detail: accepted }));
  }

  render() {
    return html`
      <div class="preview" aria-busy=${Boolean(this.busy)}>
        <div role="status">${this.#body()}</div>
        ${this.#losesRows ? html`
          <label class="field"><span>To accept that these rows are lost, type ${this.name}</span>
            <input type="text" autocomplete="off" spellcheck="false" .value=${this.typed}
              @input=${(event) => { this.typed = event.target.value; this.#tell(); }}></label>` : nothing}
      </div>
    `;
  }

  #body() {
    if (this.busy) {
      return html`<p class="aside">Asking what would be lost.</p>`;
    }
    if (this.problem === null) {
      return nothing;
    }
    return html`<p class="answer alarm">${this.problem.detail}</p>
      ${this.#losesRows || !this.problem.remedy ? nothing : html`<p>To do: ${this.problem.remedy}</p>`}`;
  }
}

customElements.define('loss-acceptance', LossAcceptance);
