import { html } from 'lit';
import { now } from '../lib/clock.js';
import { Part } from '../lib/part.js';
import { everySecond } from '../lib/tick.js';
import { duration } from '../lib/words.js';

/** A part that is drawn anew each second while it is on the page. */
class Ticking extends Part {
  static properties = { instant: {}, after: {} };
  #end = () => {};

  connectedCallback() {
    super.connectedCallback();
    this.#end = everySecond(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end();
  }

  get time() {
    return typeof this.instant === 'number' ? this.instant : Date.parse(this.instant);
  }
}

/** How long something is ago: `12 s ago`. */
class TimeAgo extends Ticking {
  render() {
    return html`<time datetime=${new Date(this.time).toISOString()}>${duration((now() - this.time) / 1000)}${this.after ?? ' ago'}</time>`;
  }
}

/** How long something is ahead: `in 4 m 12 s`. */
class TimeLeft extends Ticking {
  render() {
    const left = (this.time - now()) / 1000;
    return html`<time datetime=${new Date(this.time).toISOString()}>${left > 0.5 ? `in ${duration(left)}` : 'now'}</time>`;
  }
}

customElements.define('time-ago', TimeAgo);
customElements.define('time-left', TimeLeft);
