import { html, nothing, svg } from 'lit';
import { Part } from '../lib/part.js';
import { count, natural, number, spoken } from '../lib/words.js';

const BOX = { width: 132, height: 58, gap: 14 };
const FRAME = 12;
const DOT = 12;
const MOST_BOXES = 24;

/** The cluster as a picture: sources, the coordinator, and each group with its node; a thousand of them as dots. */
class ClusterPicture extends Part {
  static properties = { rows: { attribute: false }, status: { attribute: false }, width: { state: true } };

  #observer = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry.contentRect.width);
  });

  updated() {
    const frame = this.querySelector('.picture');
    if (frame && frame !== this.observed) {
      this.#observer.disconnect();
      this.#observer.observe(frame);
      this.observed = frame;
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.observed = null;
  }

  render() {
    return html`
      <section class="card" aria-labelledby="picture-title">
        <div class="card-head"><h2 id="picture-title">Picture</h2></div>
        <div class="picture">${this.width ? this.#drawing(this.width) : nothing}</div>
        <p class="legend" aria-hidden="true">
          ${['calm', 'changing', 'waiting', 'alarm'].map((weight) => html`<span class="mark ${weight}"><span class="shape"></span>${weight}</span>`)}
        </p>
      </section>
    `;
  }

  #drawing(width) {
    const rows = [...this.rows].sort((a, b) => (a.group ?? Infinity) - (b.group ?? Infinity) || natural(a.name, b.name));
    const members = rows.length > MOST_BOXES ? dots(rows, width, 128) : boxes(rows, width, 128);
    const middle = width / 2;
    return svg`
      <svg width=${width} height=${128 + members.height} viewBox="0 0 ${width} ${128 + members.height}" role="img" aria-label=${this.#told(rows)}>
        ${sources(this.status.sources, width)}
        ${link(middle, 28, middle, 46, this.status.sources.some((source) => !isFine(source)))}
        ${coordinator(this.status.coordinator, middle)}
        ${members.drawn}
      </svg>
    `;
  }

  #told(rows) {
    const registered = rows.filter((row) => row.group !== null).length;
    return `${this.status.sources.map((source) => `source ${source.source} ${source.connected ? (source.stale ? 'stale' : 'connected') : 'away'}`).join(', ')}; `
      + `coordinator ${this.status.coordinator.reached ? 'reached' : 'away'}; ${number(registered)} registered, ${number(rows.length - registered)} not registered`;
  }
}

function isFine(source) {
  return source.connected && !source.stale;
}

function sources(all, width) {
  const each = Math.min(130, (width - 8) / all.length);
  const start = (width - each * all.length) / 2;
  return all.map((source, index) => svg`
    <g class="source ${isFine(source) ? 'calm' : 'alarm'}" transform="translate(${start + index * each + 4} 1)">
      <rect width=${each - 8} height="27" rx="13.5"/>
      <text x=${(each - 8) / 2} y="18" text-anchor="middle">${cut(source.source, each - 20)}</text>
    </g>`);
}

function coordinator({ reached, address, configured }, middle) {
  return svg`
    <g class="node coordinator ${reached ? 'calm' : 'alarm'}" transform="translate(${middle - 100} 46)">
      <rect width="200" height="50" rx="10"/>
      <text class="title" x="100" y="21" text-anchor="middle">Coordinator</text>
      <text class="more" x="100" y="38" text-anchor="middle">${cut(address ?? configured, 184)}</text>
    </g>`;
}

function boxes(rows, width, top) {
  if (rows.length === 0) {
    return {
      height: 30,
      drawn: svg`<text class="more" x=${width / 2} y=${top + 8} text-anchor="middle">no worker yet</text>`,
    };
  }
  const inside = width - 2 * FRAME;
  const room = Math.max(1, Math.floor((inside + BOX.gap) / (BOX.width + BOX.gap)));
  const columns = Math.max(1, Math.ceil(rows.length / Math.ceil(rows.length / room)));
  const each = Math.min(190, (inside + BOX.gap) / columns - BOX.gap);
  const start = (width - columns * (each + BOX.gap) + BOX.gap) / 2;
  const most = Math.max(1, ...rows.map((row) => row.shards ?? 0));
  const lines = Math.ceil(rows.length / columns);
  const tall = lines * (BOX.height + BOX.gap) - BOX.gap + 2 * FRAME;
  return {
    height: tall - 10,
    drawn: svg`
      ${link(width / 2, 96, width / 2, top - 14, false)}
      <rect class="frame" x="0.5" y=${top - 14} width=${width - 1} height=${tall} rx="14"/>
      ${rows.map((row, index) => box(row, start + (index % columns) * (each + BOX.gap), top - 14 + FRAME + Math.floor(index / columns) * (BOX.height + BOX.gap), each, most))}`,
  };
}

function box(row, x, y, width, most) {
  return svg`
    <g class="node ${row.weight} ${row.group === null ? 'outside' : ''}" transform="translate(${x} ${y})">
      <title>${row.name}: ${spoken(row.state)}</title>
      <rect width=${width} height=${BOX.height} rx="10"/>
      <circle cx="15" cy="19" r="4.5"/>
      <text class="title" x="27" y="23">${cut(row.name, width - 36)}</text>
      <text class="more" x="12" y="41">${row.group === null ? 'not registered' : `group ${row.group}, ${count(row.shards ?? 0, 'shard')}`}</text>
      ${row.group === null ? nothing : svg`
        <rect class="track" x="12" y="48" width=${width - 24} height="4" rx="2"/>
        <rect class="fill" x="12" y="48" width=${((width - 24) * (row.shards ?? 0)) / most} height="4" rx="2"/>`}
    </g>`;
}

function dots(rows, width, top) {
  const columns = Math.max(1, Math.floor(width / DOT));
  const lines = Math.ceil(rows.length / columns);
  const start = (width - columns * DOT) / 2;
  return {
    height: lines * DOT + 8,
    drawn: svg`
      ${link(width / 2, 96, width / 2, top - 8, false)}
      ${rows.map((row, index) => svg`<rect class="cell ${row.weight} ${row.group === null ? 'outside' : ''}" x=${start + (index % columns) * DOT + 1} y=${top + Math.floor(index / columns) * DOT} width=${DOT - 2} height=${DOT - 2} rx="2"><title>${row.name}: ${spoken(row.state)}</title></rect>`)}`,
  };
}

function link(fromX, fromY, toX, toY, broken) {
  return svg`<line class="link ${broken ? 'broken' : ''}" x1=${fromX} y1=${fromY} x2=${toX} y2=${toY}/>`;
}

/** As much of a name as has room; its end tells servers apart, so the middle goes. */
function cut(text, room) {
  const most = Math.floor(room / 7.4);
  if (text.length <= most) {
    return text;
  }
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

customElements.define('cluster-picture', ClusterPicture);
