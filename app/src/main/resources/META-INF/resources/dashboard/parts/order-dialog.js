import { html, nothing } from 'lit';
import { order, orderPath } from '../lib/api.js';
import { Part } from '../lib/part.js';
import { bytes, count } from '../lib/words.js';

/** What can be ordered, for whom, and what comes of it. */
const KINDS = [
  {
    kind: 'drain',
    title: 'Drain',
    fits: (row) => row.group !== null,
    means: (row) =>
      row.shards > 0
        ? `Citus moves its ${count(row.shards, 'shard')}${row.bytes ? ` (${bytes(row.bytes)})` : ''} to the other nodes, then the node is removed and its server kept out until the order is cancelled. Reads and writes go on.`
        : 'It holds no shards: the node is removed at once, and its server kept out until the order is cancelled.',
  },
  {
    kind: 'remove',
    title: 'Remove',
    fits: (row) => row.group !== null,
    means: (row) =>
      row.onlyCopies > 0
        ? `It holds the only copy of ${count(row.onlyCopies, 'shard')}, so this will be refused: drain it instead.`
        : 'The node is removed at once. Its server stays out until the order is cancelled.',
  },
  {
    kind: 'activate',
    title: 'Activate',
    fits: (row) => row.active === false,
    means: () => 'The node takes part again as soon as its own server answers.',
  },
  {
    kind: 'hold',
    title: 'Hold',
    fits: () => true,
    means: () => 'It is left as it is, whatever happens to it, until the order is cancelled.',
  },
];

/** A person gives an order: names the worker, the order, and its consequence, and asks once more by name. */
class OrderDialog extends Part {
  static properties = { row: { state: true }, kind: { state: true }, busy: { state: true }, answer: { state: true } };

  open(row) {
    this.row = row;
    this.kind = null;
    this.answer = null;
    this.busy = false;
    this.updateComplete.then(() => this.querySelector('dialog').showModal());
  }

  render() {
    const { row } = this;
    if (!row) {
      return nothing;
    }
    const chosen = KINDS.find((each) => each.kind === this.kind);
    return html`
      <dialog aria-labelledby="order-title" @close=${() => { this.row = null; }}>
        <form method="dialog" @submit=${this.#submit}>
          <h2 id="order-title">Order for ${row.name}</h2>
          <p class="aside">${row.sentence}</p>
          ${this.answer ? this.#answered() : this.#asking(row, chosen)}
        </form>
      </dialog>
    `;
  }

  #asking(row, chosen) {
    return html`
      <fieldset class="choices" ?disabled=${this.busy}>
        <legend class="hidden">Which order</legend>
        ${KINDS.filter((each) => each.fits(row)).map((each) => html`
          <label><input type="radio" name="kind" value=${each.kind} .checked=${each.kind === this.kind} @change=${() => { this.kind = each.kind; }}>
            <span><b>${each.title}</b><small>${each.means(row)}</small></span></label>`)}
      </fieldset>
      <div class="buttons">
        <button type="button" @click=${this.#close}>Leave it</button>
        <button class="primary" ?disabled=${!chosen || this.busy}>${this.busy ? 'Waiting for the next pass' : chosen ? `${chosen.title} ${row.name}` : 'Choose an order'}</button>
      </div>
    `;
  }

  #answered() {
    return html`
      <p class="answer ${this.answer.refused ? 'alarm' : 'calm'}" role="alert">${this.answer.sentence}</p>
      ${this.answer.remedy ? html`<p>To do: ${this.answer.remedy}</p>` : nothing}
      <div class="buttons"><button type="button" class="primary" @click=${this.#close}>Close</button></div>
    `;
  }

  async #submit(event) {
    event.preventDefault();
    this.busy = true;
    try {
      const { sentence } = await order('POST', orderPath(this.row.address, this.kind));
      this.answer = { sentence };
    } catch (problem) {
      this.answer = { refused: true, sentence: problem.detail, remedy: problem.remedy };
    }
    this.busy = false;
    this.dispatchEvent(new CustomEvent('ordered', { bubbles: true }));
  }

  #close() {
    this.querySelector('dialog').close();
  }
}

customElements.define('order-dialog', OrderDialog);
