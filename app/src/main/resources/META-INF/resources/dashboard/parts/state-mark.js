import { html } from 'lit';
import { WEIGHT_WORDS } from '../lib/rows.js';
import { spoken } from '../lib/words.js';

/** A state with its colour, and with a shape of its own for those who do not see colours. */
export function stateMark(weight, state) {
  return html`<span class="mark ${weight}" title=${WEIGHT_WORDS[weight] ?? ''}><span class="shape" aria-hidden="true"></span>${spoken(state)}</span>`;
}
