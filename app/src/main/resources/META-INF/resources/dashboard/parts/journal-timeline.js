import { html, nothing } from 'lit';
import { repeat } from 'lit-html/directives/repeat.js';
import { Part } from '../lib/part.js';
import { capital, clock, day, spoken } from '../lib/words.js';
import './joins-chart.js';

const STEP = 25;

/** What happened, the latest first, by day. */
class JournalTimeline extends Part {
  static properties = {
    entries: { attribute: false },
    text: { state: true },
    outcome: { state: true },
    shown: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { entries: null, text: '', outcome: '', shown: STEP });
  }

  render() {
    return html`
      <section class="card" aria-labelledby="timeline-title">
        <div class="card-head"><h2 id="timeline-title">Timeline</h2>${this.entries?.length > 0 ? this.#tools() : nothing}</div>
        ${this.entries === null ? html`<p class="empty" aria-busy="true">Loading the journal.</p>` : this.entries.length === 0
          ? html`<p class="empty"><strong>Nothing has happened yet.</strong> Each change and each refusal is written here.</p>`
          : html`<joins-chart .entries=${this.entries}></joins-chart>${this.#list()}`}
      </section>
    `;
  }

  #tools() {
    const outcomes = [...new Set(this.entries.map((entry) => entry.outcome))].sort();
    return html`
      <div class="tools">
        <label class="search"><span class="hidden">Filter the timeline</span>
          <input type="search" placeholder="Filter" autocomplete="off" .value=${this.text} @input=${(event) => { this.text = event.target.value; this.shown = STEP; }}></label>
        <label><span class="hidden">Outcome</span>
          <select @change=${(event) => { this.outcome = event.target.value; this.shown = STEP; }}>
            <option value="">every outcome</option>
            ${outcomes.map((outcome) => html`<option value=${outcome} ?selected=${outcome === this.outcome}>${outcome}</option>`)}
          </select></label>
      </div>
    `;
  }

  #list() {
    const wanted = this.text.trim().toLowerCase();
    const found = this.entries
      .filter((entry) => this.outcome === '' || entry.outcome === this.outcome)
      .filter((entry) => wanted === '' || `${entry.action} ${entry.node ?? ''} ${entry.actor} ${entry.sentence}`.toLowerCase().includes(wanted));
    const days = Map.groupBy(found.slice(0, this.shown), (entry) => day(entry.at));
    return html`
      ${found.length === 0 ? html`<p class="empty">No entry matches.</p>` : nothing}
      ${[...days].map(([title, entries]) => html`
        <h3>${title}</h3>
        <ol class="timeline">${repeat(entries, (entry) => entry.id, line)}</ol>`)}
      ${found.length > this.shown ? html`<button class="wide" @click=${() => { this.shown += 4 * STEP; }}>Show more of ${found.length}</button>` : nothing}
    `;
  }
}

function line(entry) {
  return html`
    <li class=${entry.outcome}>
      <time datetime=${entry.at}>${clock(entry.at)}</time>
      <div><p>${capital(entry.sentence)}</p>
        <p class="aside">${spoken(entry.action)}, ${entry.outcome}${entry.actor ? `, by ${entry.actor}` : ''}</p></div>
    </li>
  `;
}

customElements.define('journal-timeline', JournalTimeline);
