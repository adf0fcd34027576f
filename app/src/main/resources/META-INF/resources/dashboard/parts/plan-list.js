import { html, nothing } from 'lit';
import { Part } from '../lib/part.js';
import { capital, spoken } from '../lib/words.js';
import './time-parts.js';

const OUTCOMES = { done: 'done', 'already-true': 'was so already', outdated: 'outdated, looked at again', refused: 'refused' };
const MOST = 20;

/** What is done next, with its SQL, and what is held back, why, and until when. */
class PlanList extends Part {
  static properties = { plan: { attribute: false } };

  render() {
    return html`
      <section class="card" aria-labelledby="plan-title">
        <div class="card-head"><h2 id="plan-title">Plan</h2></div>
        ${this.plan ? this.#plan(this.plan) : html`<p class="empty" aria-busy="true">Loading the plan.</p>`}
      </section>
    `;
  }

  #plan({ actions, withheld, sentence }) {
    if (actions.length === 0 && withheld.length === 0) {
      return html`<p class="empty"><strong>Nothing to do.</strong> ${sentence.replace(/^Nothing to do: /, 'The last pass: ')}</p>`;
    }
    return html`
      ${actions.length > 0 ? html`<ol class="steps">${actions.slice(0, MOST).map(action)}</ol>${more(actions)}` : nothing}
      ${withheld.length > 0 ? html`<h3>Held back</h3><ul class="steps">${withheld.slice(0, MOST).map(held)}</ul>${more(withheld)}` : nothing}
    `;
  }
}

function action(each) {
  return html`
    <li>
      <p><strong>${capital(spoken(each.kind))} ${each.address}</strong>${each.outcome ? html` <span class="tag ${each.outcome === 'refused' ? 'alarm' : 'calm'}">${OUTCOMES[each.outcome] ?? each.outcome}</span>` : nothing}</p>
      <p>${each.sentence ?? capital(each.reason)}</p>
      ${sql(each)}
    </li>
  `;
}

function held(each) {
  return html`
    <li class="held">
      <p><strong>${capital(spoken(each.action))} ${each.address}</strong> <span class="tag waiting">${each.until ? html`<time-left .instant=${each.until}></time-left>` : spoken(each.filter)}</span></p>
      <p>${capital(each.reason)}</p>
      ${sql(each)}
    </li>
  `;
}

function sql(each) {
  const calls = each.sql ?? [];
  return calls.length > 0
    ? html`<pre tabindex="0" aria-label="SQL"><code>${calls.join('\n')}</code></pre>`
    : html`<p class="aside">Writes Roster's own ledger, makes no Citus call.</p>`;
}

function more(all) {
  return all.length > MOST ? html`<p class="aside">and ${all.length - MOST} more</p>` : nothing;
}

customElements.define('plan-list', PlanList);
