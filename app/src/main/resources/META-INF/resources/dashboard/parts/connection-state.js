import { html, nothing } from 'lit';
import { Part } from '../lib/part.js';
import './time-parts.js';

/** Whether what is shown is live; if not, since when, and when it is tried again. */
class ConnectionState extends Part {
  static properties = { connection: { attribute: false }, heardAt: { attribute: false } };

  render() {
    const { live, failures, retryAt } = this.connection;
    if (live) {
      return html`<span class="pill calm"><span class="dot" aria-hidden="true"></span>Live</span>`;
    }
    if (failures === 0) {
      return html`<span class="pill unknown"><span class="dot" aria-hidden="true"></span>Connecting</span>`;
    }
    return html`
      <span class="pill alarm"><span class="dot" aria-hidden="true"></span>Reconnecting <time-left .instant=${retryAt}></time-left></span>
      ${this.heardAt ? html`<span class="aside">last heard <time-ago .instant=${this.heardAt}></time-ago></span>` : nothing}
    `;
  }
}

customElements.define('connection-state', ConnectionState);
