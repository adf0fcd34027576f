import { html, nothing } from 'lit';
import { Part } from './lib/part.js';
import { Store } from './lib/store.js';
import { verdictOf } from './lib/verdict.js';
import './parts/balance-bars.js';
import './parts/cluster-facts.js';
import './parts/cluster-picture.js';
import './parts/confirm-dialog.js';
import './parts/connection-state.js';
import './parts/head-line.js';
import './parts/journal-timeline.js';
import './parts/order-dialog.js';
import './parts/order-list.js';
import './parts/plan-list.js';
import './parts/rebalance-panel.js';
import './parts/token-entry.js';
import './parts/workers-table.js';

/** The whole page: holds what is known and hands it to the parts. */
class RosterDashboard extends Part {
  #store = new Store(() => this.requestUpdate());

  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    this.#store.start();
    this.addEventListener('access-changed', () => this.#store.accessChanged());
    this.addEventListener('ordered', () => this.#store.refresh());
    this.addEventListener('order-wanted', (event) => this.querySelector('order-dialog').open(event.detail, this.#store.rows));
  }

  render() {
    const store = this.#store;
    const verdict = verdictOf(store, store.rows);
    document.title = titleOf(verdict);
    return html`
      <a class="skip" href="#workers">To the workers</a>
      <header class="bar">
        <h1>Roster</h1>
        <connection-state .connection=${store.connection} .heardAt=${store.heardAt}></connection-state>
        <token-entry .access=${store.access} .wanted=${store.problem?.status === 401}></token-entry>
      </header>
      <main>
        <head-line .verdict=${verdict} .rows=${store.rows} .status=${store.status} .plan=${store.plan} .stale=${!store.connection.live}></head-line>
        ${store.status ? this.#everything(store) : nothing}
      </main>
      <order-dialog></order-dialog>
      <confirm-dialog></confirm-dialog>
      <footer>
        <span>Roster ${store.status?.version ?? ''}</span>
        <a href="q/health">Health</a>
        <a href="q/metrics">Metrics</a>
        <a href="api/v1/status">Status as JSON</a>
      </footer>
    `;
  }

  #everything(store) {
    const mayOrder = store.access === 'present';
    return html`
      <cluster-facts .status=${store.status}></cluster-facts>
      <workers-table .rows=${store.rows} .setAside=${store.workers?.setAside ?? []} .loaded=${store.workers !== null && store.nodes !== null} .mayOrder=${mayOrder}></workers-table>
      <div class="columns">
        <plan-list .plan=${store.plan}></plan-list>
        <order-list .orders=${store.status.orders.filter((order) => order.kind !== 'rebalance')} .moves=${store.status.moves} .mayOrder=${mayOrder}></order-list>
        <cluster-picture .rows=${store.rows} .status=${store.status}></cluster-picture>
        <balance-bars .rows=${store.rows} .sizes=${store.sizes}></balance-bars>
      </div>
      <rebalance-panel .rebalance=${store.rebalance} .mayOrder=${mayOrder}></rebalance-panel>
      <journal-timeline .entries=${store.journal}></journal-timeline>
    `;
  }
}

function titleOf({ weight, word }) {
  return weight === 'calm' ? 'Roster' : `${word} · Roster`;
}

customElements.define('roster-dashboard', RosterDashboard);
