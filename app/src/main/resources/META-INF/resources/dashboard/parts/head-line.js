import { html, nothing } from 'lit';
import { Part } from '../lib/part.js';
import { WEIGHTS } from '../lib/rows.js';
import { capital, natural, spoken } from '../lib/words.js';
import './time-parts.js';
import { stateMark } from './state-mark.js';

const MOST_NAMED = 3;

/** The answer in five seconds: is it true, if not who and why, and what happens next. */
class HeadLine extends Part {
  static properties = {
    verdict: { attribute: false },
    rows: { attribute: false },
    status: { attribute: false },
    plan: { attribute: false },
    stale: { attribute: false },
  };

  render() {
    const { weight, word, sentence, more } = this.verdict;
    return html`
      <section class="verdict ${weight}" aria-labelledby="verdict">
        <div role="status">
          <p class="word"><span class="shape" aria-hidden="true"></span>${word}</p>
          <h2 id="verdict">${sentence}</h2>
          ${more ? html`<p class="more">${more}</p>` : nothing}
        </div>
        ${this.#troubled()} ${this.#next()}
      </section>
    `;
  }

  #troubled() {
    const troubled = this.rows
      .filter((row) => row.weight !== 'calm')
      .sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) || natural(a.name, b.name));
    const others = (this.status?.alarms ?? []).slice(this.status?.coordinator.reached ? 1 : 0);
    if (troubled.length === 0 && others.length === 0) {
      return nothing;
    }
    const left = troubled.length - MOST_NAMED;
    return html`
      <ul class="troubled">
        ${others.map((alarm) => html`<li><p>${alarm}</p></li>`)}
        ${troubled.slice(0, MOST_NAMED).map(
          (row) => html`<li><p><strong>${row.name}</strong> ${stateMark(row.weight, row.state)}</p><p>${row.sentence}</p></li>`,
        )}
        ${left > 0 ? html`<li><p><a href="#workers">${left} more</a></p></li>` : nothing}
      </ul>
    `;
  }

  #next() {
    if (!this.status?.lastPass || this.stale) {
      return nothing;
    }
    const pending = (this.plan?.actions ?? []).find((action) => !action.outcome || action.outcome === 'refused');
    const held = (this.plan?.withheld ?? []).find((action) => action.until);
    const what = pending
      ? html`${capital(spoken(pending.kind))} ${pending.address}, ${pending.outcome ? 'tried again' : 'in the next pass'},`
      : held
        ? html`${capital(spoken(held.action))} ${held.address} <time-left .instant=${held.until}></time-left>, unless something changes; next look`
        : html`Both sides are compared again`;
    return html`
      <p class="next"><span class="label">Next</span> <span>${what}
        ${this.status.leadership.leading
          ? html`<time-left .instant=${this.status.lastPass.nextBy}></time-left> at the latest, at once when something changes.`
          : html`by the Roster that leads${this.status.leadership.holder ? `: ${this.status.leadership.holder}` : ', once there is one'}.`}</span>
      </p>
    `;
  }
}

customElements.define('head-line', HeadLine);
