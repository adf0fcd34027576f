import { html } from 'lit';
import { MODES } from '../lib/orders.js';

/** The choice of how Citus copies a shard that moves; `chosen` gets the mode. */
export function transferMode(current, chosen, disabled = false) {
  return html`
    <label class="field"><span>While a shard is copied</span>
      <select ?disabled=${disabled} @change=${(event) => chosen(event.target.value)}>
        ${MODES.map(([mode, means]) => html`<option value=${mode} ?selected=${mode === current}>${means}</option>`)}
      </select></label>
  `;
}

/** What comes of a mode, as the beginning of a sentence. */
export function meaningOf(mode) {
  return MODES.find(([each]) => each === mode)[1];
}
