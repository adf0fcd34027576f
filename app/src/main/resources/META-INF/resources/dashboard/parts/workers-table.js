import { html, nothing } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';
import { Part } from '../lib/part.js';
import { chosen, WEIGHTS, WEIGHT_WORDS } from '../lib/rows.js';
import { bytes, clock, count, day, number, spoken } from '../lib/words.js';
import { stateMark } from './state-mark.js';

const PAGE = 50;

const COLUMNS = [
  ['name', 'Worker'],
  ['state', 'State'],
  ['group', 'Registered'],
  ['shards', 'Shards'],
  ['bytes', 'Size'],
  ['since', 'Member since'],
];

/** What was found beside what is registered. Only one page of it is in the document, so that a thousand rows stay fluid. */
class WorkersTable extends Part {
  static properties = {
    rows: { attribute: false },
    setAside: { attribute: false },
    loaded: { attribute: false },
    mayOrder: { attribute: false },
    text: { state: true },
    weight: { state: true },
    column: { state: true },
    descending: { state: true },
    page: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { rows: [], setAside: [], text: '', weight: null, column: 'state', descending: false, page: 0 });
  }

  render() {
    const found = chosen(this.rows, this);
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(this.page, pages - 1);
    const shown = found.slice(page * PAGE, (page + 1) * PAGE);
    return html`
      <section class="card workers" id="workers" tabindex="-1" aria-labelledby="workers-title">
        <div class="card-head">
          <h2 id="workers-title">Workers <span class="aside">${this.#counts()}</span></h2>
          ${this.rows.length > 0 ? this.#tools() : nothing}
        </div>
        ${this.rows.length > 0 ? this.#table(shown) : this.#empty()}
        ${this.rows.length > 0 && found.length === 0 ? html`<p class="empty">None of the ${number(this.rows.length)} matches. <button class="link" @click=${this.#all}>Show all</button></p>` : nothing}
        ${pages > 1 ? this.#pager(page, pages, found.length) : nothing}
        ${this.setAside.length > 0 ? this.#aside() : nothing}
      </section>
    `;
  }

  #counts() {
    const discovered = this.rows.filter((row) => row.source !== null || row.sighted).length;
    const registered = this.rows.filter((row) => row.group !== null).length;
    return `${number(discovered)} found, ${number(registered)} registered`;
  }

  #tools() {
    return html`
      <div class="tools">
        <div class="chips" role="group" aria-label="Show by weight">
          ${[null, ...WEIGHTS].map((weight) => this.#chip(weight))}
        </div>
        <label class="search"><span class="hidden">Filter workers</span>
          <input type="search" placeholder="Filter" autocomplete="off" .value=${this.text}
            @input=${(event) => { this.text = event.target.value; this.page = 0; }}>
        </label>
        <label class="sort"><span>Sort</span>
          <select @change=${(event) => { this.column = event.target.value; this.descending = false; this.page = 0; }}>
            ${COLUMNS.map(([column, title]) => html`<option value=${column} ?selected=${column === this.column}>${title}</option>`)}
          </select>
        </label>
      </div>
    `;
  }

  #chip(weight) {
    const amount = weight === null ? this.rows.length : this.rows.filter((row) => row.weight === weight).length;
    if (weight !== null && amount === 0 && this.weight !== weight) {
      return nothing;
    }
    return html`<button class="chip ${weight ?? ''}" aria-pressed=${this.weight === weight}
      @click=${() => { this.weight = weight; this.page = 0; }}>${weight === null ? 'All' : WEIGHT_WORDS[weight]} <b>${number(amount)}</b></button>`;
  }

  #table(shown) {
    return html`
      <table>
        <caption class="hidden">Workers found and nodes registered</caption>
        <thead><tr>${COLUMNS.map(([column, title]) => this.#heading(column, title))}${this.mayOrder ? html`<th scope="col"><span class="hidden">Order</span></th>` : nothing}</tr></thead>
        <tbody>${repeat(shown, (row) => row.key, (row) => this.#row(row))}</tbody>
      </table>
    `;
  }

  #heading(column, title) {
    const sorted = this.column === column;
    return html`<th scope="col" class=${column} aria-sort=${sorted ? (this.descending ? 'descending' : 'ascending') : 'none'}>
      <button @click=${() => { this.descending = sorted && !this.descending; this.column = column; }}>${title}<span class="arrow" aria-hidden="true"></span></button></th>`;
  }

  #row(row) {
    return html`
      <tr class=${row.weight}>
        <th scope="row"><span class="name">${row.name}</span>${row.address.startsWith(`${row.name}:`) || row.address === row.name ? nothing : html`<small>${row.address}</small>`}
          <small>${found(row)}</small></th>
        <td class="state">${stateMark(row.weight, row.state)}<span class="sentence">${row.sentence}</span></td>
        <td data-label="Registered">${registered(row)}</td>
        <td class="num" data-label="Shards">${shards(row)}</td>
        <td class="num" data-label="Size">${row.group === null ? dash('none: it is not registered') : row.bytes === null ? html`<span class="aside" title=${row.bytesUnknown ?? 'not asked yet'}>unknown</span>` : bytes(row.bytes)}</td>
        <td data-label="Member since">${row.since ? html`<time datetime=${row.since} title=${`${day(row.since)}, ${clock(row.since)}`}>${day(row.since).replace(/^\w+, /, '')}<small>${clock(row.since)}</small></time>` : dash('not a member')}</td>
        ${this.mayOrder ? html`<td class="act"><button class="small" aria-label=${`Order for ${row.name}`} @click=${() => this.#order(row)}>Order</button></td>` : nothing}
      </tr>
    `;
  }

  #order(row) {
    this.dispatchEvent(new CustomEvent('order-wanted', { bubbles: true, detail: row }));
  }

  #empty() {
    return this.loaded
      ? html`<p class="empty"><strong>No worker yet.</strong> As soon as a source finds one that is ready, it is asked who it is and becomes a member.</p>`
      : html`<p class="empty" aria-busy="true">Loading the workers.</p>`;
  }

  #pager(page, pages, amount) {
    return html`
      <nav class="pager" aria-label="Pages of workers">
        <button ?disabled=${page === 0} @click=${() => { this.page = page - 1; }}>Previous</button>
        <span>${number(page * PAGE + 1)} to ${number(Math.min(amount, (page + 1) * PAGE))} of ${number(amount)}</span>
        <button ?disabled=${page === pages - 1} @click=${() => { this.page = page + 1; }}>Next</button>
      </nav>
    `;
  }

  #aside() {
    return html`
      <details class="set-aside"><summary>${count(this.setAside.length, 'thing')} set aside</summary>
        <ul>${this.setAside.map((each) => html`<li><strong>${each.name}</strong> (${each.source}): ${each.sentence}</li>`)}</ul>
      </details>
    `;
  }

  #all() {
    this.text = '';
    this.weight = null;
  }
}

function found(row) {
  if (row.source === null) {
    return row.sighted ? 'found' : 'not found by any source';
  }
  return `${row.source}: ${row.detail || spoken(row.health)}`;
}

function registered(row) {
  if (row.group === null) {
    return html`no`;
  }
  const versions = [row.postgres ? `PostgreSQL ${row.postgres.split(' ')[0]}` : null, row.citus ? `Citus ${row.citus}` : null].filter(Boolean);
  return html`group ${row.group}${row.role === 'primary' ? nothing : html`, ${row.role}`}${row.active ? nothing : html`, <strong>inactive</strong>`}${row.takesShards ? nothing : html`, takes no shards`}
    ${versions.length > 0 ? html`<small>${versions.map((version, index) => html`<span class="whole">${version}${index < versions.length - 1 ? ',' : ''}</span> `)}</small>` : nothing}`;
}

function shards(row) {
  if (row.shards === null) {
    return dash('none: it is not registered');
  }
  return html`${number(row.shards)}${row.onlyCopies > 0 && row.onlyCopies < row.shards ? html`<small>${number(row.onlyCopies)} only copies</small>` : nothing}`;
}

function dash(meaning) {
  return html`<span class="aside" aria-label=${meaning} role="img">–</span>`;
}

customElements.define('workers-table', WorkersTable);
