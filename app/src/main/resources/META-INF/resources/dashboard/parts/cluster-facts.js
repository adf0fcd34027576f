import { html, nothing } from 'lit';
import { Part } from '../lib/part.js';
import { number } from '../lib/words.js';
import './time-parts.js';

const MODES = {
  manage: 'manage',
  'add-only': 'add only: nothing is removed',
  observe: 'observe: nothing is changed',
};

/** Who leads, in which mode, from where workers come, and how the coordinator is. */
class ClusterFacts extends Part {
  static properties = { status: { attribute: false } };

  render() {
    const { status } = this;
    return html`
      <section class="facts" aria-label="Cluster">
        <dl>
          <div><dt>Leader</dt><dd>${leader(status.leadership)}</dd></div>
          <div><dt>Mode</dt><dd>${MODES[status.mode] ?? status.mode}</dd></div>
          <div class=${status.coordinator.reached ? '' : 'alarm'}><dt>Coordinator</dt><dd>${coordinator(status.coordinator)}</dd></div>
          ${status.sources.map((source) => html`
            <div class=${source.connected && !source.stale ? '' : 'alarm'}><dt>Source ${source.source}</dt><dd>${age(source)}</dd></div>`)}
          <div><dt>Last pass</dt><dd>${lastPass(status.lastPass)}</dd></div>
        </dl>
      </section>
    `;
  }
}

function leader({ leading, holder }) {
  if (leading) {
    return 'this Roster';
  }
  return holder ? html`${holder}<small>this one stands by</small>` : html`nobody<small>this one stands by</small>`;
}

function coordinator({ address, configured, reached, citusVersion, registered, trouble }) {
  return html`${breakable(address ?? configured)}
    <small>${reached
      ? html`Citus ${citusVersion}${registered && registered !== address ? html`, registered as ${registered}` : nothing}`
      : (trouble?.sentence ?? 'not reached yet')}</small>`;
}

/** A long address breaks before its port and not within it. */
function breakable(address) {
  const [, host, port] = /^(.*?)(:\d+.*)?$/.exec(address);
  return html`${host}<wbr>${port ?? ''}`;
}

function age(source) {
  const looked = source.lastFullLook ? html`looked <time-ago .instant=${source.lastFullLook}></time-ago>` : 'has not looked yet';
  if (!source.connected) {
    return html`away, ${looked}<small>${source.error ?? 'no reason given'}</small>`;
  }
  if (source.stale) {
    return html`stale, ${looked}<small>${source.error ?? 'none of its later looks saw everything'}</small>`;
  }
  return html`connected<small>${looked}</small>${source.error ? html`<small>the latest look saw a part: ${source.error}</small>` : nothing}`;
}

function lastPass(pass) {
  return pass
    ? html`<time-ago .instant=${pass.startedAt}></time-ago><small>number ${number(pass.number)}, took ${number(pass.tookMillis)} ms</small>`
    : 'none yet';
}

customElements.define('cluster-facts', ClusterFacts);
