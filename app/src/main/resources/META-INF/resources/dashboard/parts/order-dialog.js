import { html, nothing } from 'lit';
import { order, orderPath } from '../lib/api.js';
import { ordersFor } from '../lib/orders.js';
import { Part } from '../lib/part.js';
import { spoken } from '../lib/words.js';
import './drain-preview.js';
import './loss-acceptance.js';

/** A person gives an order: names the worker, the order, and its consequence, and asks once more by name. */
class OrderDialog extends Part {
  static properties = {
    row: { state: true },
    orders: { state: true },
    kind: { state: true },
    other: { state: true },
    drain: { state: true },
    accepted: { state: true },
    busy: { state: true },
    answer: { state: true },
  };

  /**
   * @param row whom it is for
   * @param rows everybody, for orders that name another server
   */
  open(row, rows) {
    Object.assign(this, { row, rows, orders: ordersFor(row, rows), kind: null, other: '', drain: { mode: 'auto' }, accepted: false, answer: null, busy: false });
    this.updateComplete.then(() => this.querySelector('dialog').showModal());
  }

  render() {
    const { row } = this;
    if (!row) {
      return nothing;
    }
    return html`
      <dialog aria-labelledby="order-title" aria-describedby="order-about" @close=${() => { this.row = null; }} @drain-previewed=${(event) => { this.drain = event.detail; }} @loss-accepted=${(event) => { this.accepted = event.detail; }}>
        <form method="dialog" @submit=${this.#submit}>
          <h2 id="order-title">Order for ${row.name}</h2>
          <p id="order-about" class="aside">${row.sentence}</p>
          ${this.answer ? this.#answered() : this.#asking(row)}
        </form>
      </dialog>
    `;
  }

  /** The button that had the focus is gone with the question. */
  updated(changed) {
    if (changed.has('answer') && this.answer) {
      this.querySelector('.buttons button').focus();
    }
  }

  #asking(row) {
    const chosen = this.orders.find((each) => each.kind === this.kind);
    return html`
      <fieldset class="choices" ?disabled=${this.busy}>
        <legend class="hidden">Which order</legend>
        ${this.orders.map((each) => html`
          <label><input type="radio" name="kind" value=${each.kind} .checked=${each.kind === this.kind} @change=${() => { this.kind = each.kind; this.other = ''; this.accepted = false; }}>
            <span><b>${each.title}</b><small>${each.means(row)}</small></span></label>
          ${each.kind === this.kind ? this.#more(each, row) : nothing}`)}
      </fieldset>
      <div class="buttons">
        <button type="button" @click=${this.#close}>Leave it</button>
        <button class="primary" ?disabled=${!this.#isComplete(chosen) || this.busy}>${this.busy ? 'Waiting for the next pass' : chosen ? `${chosen.title} ${row.name}` : 'Choose an order'}</button>
      </div>
    `;
  }

  #more(each, row) {
    if (each.kind === 'drain') {
      return html`<drain-preview .address=${row.address} .rows=${this.rows}></drain-preview>`;
    }
    return each.choices === null ? nothing : html`
      <label class="field"><span>${each.asks}</span>
        <select required @change=${(event) => { this.other = event.target.value; }}>
          <option value="">Choose a server</option>
          ${each.choices.map((other) => html`<option value=${other.address}>${other.name}: ${spoken(other.state)}</option>`)}
        </select></label>
      ${each.kind === 'replace' && this.other !== '' ? html`<loss-acceptance .address=${row.address} .name=${row.name} .other=${this.other}></loss-acceptance>` : nothing}
    `;
  }

  #isComplete(chosen) {
    if (!chosen || (chosen.choices !== null && this.other === '')) {
      return false;
    }
    if (chosen.kind === 'replace') {
      return this.accepted;
    }
    return chosen.kind !== 'drain' || !(this.drain.waits || this.drain.hindered);
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
    const chosen = this.orders.find((each) => each.kind === this.kind);
    this.busy = true;
    try {
      const { sentence } = await order('POST', orderPath(this.row.address, this.kind), this.#said(chosen));
      this.answer = { sentence };
    } catch (problem) {
      this.answer = { refused: true, sentence: problem.detail, remedy: problem.remedy };
    }
    this.busy = false;
    this.dispatchEvent(new CustomEvent('ordered', { bubbles: true }));
  }

  #said(chosen) {
    if (chosen.kind === 'drain') {
      return { mode: this.drain.mode };
    }
    if (chosen.kind === 'replace') {
      return { with: this.other, acceptDataLoss: true };
    }
    return chosen.choices === null ? {} : { [chosen.field]: this.other };
  }

  #close() {
    this.querySelector('dialog').close();
  }
}

customElements.define('order-dialog', OrderDialog);
