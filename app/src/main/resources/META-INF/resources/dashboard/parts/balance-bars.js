import { html, nothing, svg } from 'lit';
import { evenness } from '../lib/balance.js';
import { Part } from '../lib/part.js';
import { bytes, natural, number } from '../lib/words.js';
import './time-parts.js';

const MOST = 12;

/** Placements and bytes of each node as bars, the fullest first where there are too many, and how evenly they lie. */
class BalanceBars extends Part {
  static properties = { rows: { attribute: false }, sizes: { attribute: false } };

  render() {
    const nodes = this.rows.filter((row) => row.group !== null && row.role === 'primary');
    const { sentence, even } = evenness(this.rows);
    return html`
      <section class="card" aria-labelledby="balance-title">
        <div class="card-head"><h2 id="balance-title">Balance</h2></div>
        ${nodes.length === 0 ? html`<p class="empty">No node is registered yet.</p>` : html`
          <p class="evenness ${even ? 'calm' : 'waiting'}">${sentence}</p>
          ${this.#bars(nodes)}
          ${this.#asked()}`}
      </section>
    `;
  }

  #bars(nodes) {
    const shown = nodes.length > MOST
      ? [...nodes].sort((a, b) => b.shards - a.shards).slice(0, MOST)
      : [...nodes].sort((a, b) => natural(a.name, b.name));
    const mostShards = Math.max(1, ...nodes.map((row) => row.shards));
    const mostBytes = Math.max(1, ...nodes.map((row) => row.bytes ?? 0));
    return html`
      <table class="bars">
        <thead><tr><th scope="col">Node</th><th scope="col">Shards</th><th scope="col">Size</th></tr></thead>
        <tbody>${shown.map((row) => html`
          <tr><th scope="row">${row.name}</th>
            <td>${bar(row.shards / mostShards, 'shards')}<span>${number(row.shards)}</span></td>
            <td>${row.bytes === null ? html`<span class="aside" title=${row.bytesUnknown ?? 'not asked yet'}>unknown</span>` : html`${bar(row.bytes / mostBytes, 'bytes')}<span>${bytes(row.bytes)}</span>`}</td></tr>`)}
        </tbody>
      </table>
      ${nodes.length > MOST ? html`<p class="aside">The ${MOST} fullest of ${number(nodes.length)}.</p>` : nothing}
    `;
  }

  #asked() {
    if (this.sizes?.failure) {
      return html`<p class="aside">Sizes are not known: ${this.sizes.failure.detail}</p>`;
    }
    return this.sizes?.at ? html`<p class="aside">Sizes asked of the nodes <time-ago .instant=${this.sizes.at}></time-ago>, at most once a minute.</p>` : nothing;
  }
}

function bar(share, kind) {
  return svg`<svg class="bar ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill" width=${share * 100} height="8"/></svg>`;
}

customElements.define('balance-bars', BalanceBars);
