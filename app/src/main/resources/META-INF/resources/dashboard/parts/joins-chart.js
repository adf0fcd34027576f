import { html, svg } from 'lit';
import { now } from '../lib/clock.js';
import { joinsAndLosses } from '../lib/joins.js';
import { Part } from '../lib/part.js';
import { clock, count, day, duration } from '../lib/words.js';

const WIDTH = 600;
const HALF = 34;

/** Who joined, upwards, and who left, downwards, over the time that the journal covers. */
class JoinsChart extends Part {
  static properties = { entries: { attribute: false } };

  render() {
    const { bars, step } = joinsAndLosses(this.entries, now());
    if (bars.length === 0) {
      return html`<p class="aside">Nobody has joined or left in what the journal covers.</p>`;
    }
    const most = Math.max(...bars.map((bar) => Math.max(bar.joined, bar.lost)));
    const joined = bars.reduce((sum, bar) => sum + bar.joined, 0);
    const lost = bars.reduce((sum, bar) => sum + bar.lost, 0);
    const from = bars[0].from;
    const each = WIDTH / bars.length;
    return html`
      <figure class="joins">
        <svg viewBox="0 0 ${WIDTH} ${2 * HALF + 2}" preserveAspectRatio="none" role="img"
          aria-label=${`${count(joined, 'join')} and ${count(lost, 'loss', 'losses')} since ${day(from)}, ${clock(from)}`}>
          ${bars.map((bar, index) => svg`
            <rect class="joined" x=${index * each + 1} width=${each - 2} y=${HALF - height(bar.joined, most)} height=${height(bar.joined, most)}/>
            <rect class="lost" x=${index * each + 1} width=${each - 2} y=${HALF + 2} height=${height(bar.lost, most)}/>`)}
          <line x1="0" x2=${WIDTH} y1=${HALF + 1} y2=${HALF + 1}/>
        </svg>
        <figcaption>
          <span>${day(from)}, ${clock(from)}</span>
          <span><b class="key joined" aria-hidden="true"></b>${count(joined, 'join')} <b class="key lost" aria-hidden="true"></b>${count(lost, 'loss', 'losses')}, a bar is ${duration(step)}</span>
          <span>now</span>
        </figcaption>
      </figure>
    `;
  }
}

function height(amount, most) {
  return (amount / most) * (HALF - 2);
}

customElements.define('joins-chart', JoinsChart);
