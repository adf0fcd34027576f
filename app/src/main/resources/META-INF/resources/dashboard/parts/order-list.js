import { html, nothing } from 'lit';
import { order, orderPath } from '../lib/api.js';
import { Part } from '../lib/part.js';
import { bytes, capital, duration } from '../lib/words.js';
import { confirmed } from './confirm-dialog.js';
import './time-parts.js';

/** What people ordered, how far it is, and how to take it back. */
class OrderList extends Part {
  static properties = { orders: { attribute: false }, moves: { attribute: false }, mayOrder: { attribute: false }, said: { state: true } };

  render() {
    return html`
      <section class="card" aria-labelledby="orders-title">
        <div class="card-head"><h2 id="orders-title">Orders</h2></div>
        ${this.orders.length === 0 ? this.#none() : html`<ul class="steps">${this.orders.map((each) => this.#order(each))}</ul>`}
        <p class="said" role="status">${this.said ?? ''}</p>
      </section>
    `;
  }

  #none() {
    return html`<p class="empty"><strong>No order stands.</strong> ${this.mayOrder ? 'Give one with the button in a worker’s row: drain, remove, follow, replace, activate, or hold.' : 'To drain, remove or hold a worker, enter the token above.'}</p>`;
  }

  #order(each) {
    const running = each.total > 0 && each.stage === 'running';
    return html`
      <li>
        <p><strong>${capital(each.kind)} ${each.node}</strong> <span class="tag ${each.stage === 'failed' ? 'alarm' : each.stage === 'done' ? 'calm' : 'changing'}">${stage(each)}</span></p>
        ${running ? this.#progress(each) : nothing}
        ${each.note ? html`<p>${each.note}</p>` : each.sentence && !running ? html`<p>${each.sentence}</p>` : nothing}
        <p class="aside">by ${each.by}, <time-ago .instant=${each.since}></time-ago></p>
        ${this.mayOrder ? html`<button class="small" @click=${() => this.#cancel(each)}>${each.kind === 'drain' && running ? 'Stop and cancel' : 'Cancel'}</button>` : nothing}
      </li>
    `;
  }

  #progress(each) {
    const stall = this.moves?.job === each.job ? this.moves.stall : null;
    return html`
      ${progress(each)}
      ${stall ? html`<p class="answer alarm">${stall.sentence}</p><p>To do: ${stall.remedy}</p>` : nothing}
    `;
  }

  async #cancel(each) {
    const means = each.stage === 'done' ? 'Its server joins again.' : 'What has moved stays where it is.';
    if (!(await confirmed(`Cancel the ${each.kind} of ${each.node}`, means, 'Cancel the order'))) {
      return;
    }
    try {
      this.said = (await order('DELETE', orderPath(each.node, 'order'))).sentence;
    } catch (problem) {
      this.said = [problem.detail, problem.remedy].filter(Boolean).join('. To do: ');
    }
    this.dispatchEvent(new CustomEvent('ordered', { bubbles: true }));
  }
}

function stage({ kind, stage: word }) {
  return word === 'done' && (kind === 'drain' || kind === 'remove') ? 'done, kept out' : word;
}

/** A bar with what is known of it: moves always, bytes and time left where Citus tells them. */
export function progress({ done, total, bytesDone, bytesTotal, etaSeconds, bytesPerSecond }) {
  return html`
    <div class="progress">
      <progress max=${total} value=${done} aria-label="Moves done"></progress>
      <span>${done} of ${total} moves${bytesTotal ? html`, ${bytes(bytesDone)} of ${bytes(bytesTotal)}` : nothing}${bytesPerSecond ? html`, ${bytes(bytesPerSecond)} a second` : nothing}${etaSeconds === undefined || etaSeconds === null ? nothing : html`, about ${duration(etaSeconds)} left`}</span>
    </div>
  `;
}

customElements.define('order-list', OrderList);
