import { natural } from './words.js';

/** How much a state matters, the most first. */
export const WEIGHTS = ['alarm', 'waiting', 'changing', 'calm'];

/** What each weight is called on the page. */
export const WEIGHT_WORDS = { alarm: 'Alarm', waiting: 'Waiting', changing: 'Changing', calm: 'Calm' };

/**
 * One row for each worker and node: what was found beside what is registered. Workers come without a node, nodes without a
 * worker, and both together. The coordinator is not among them.
 */
export function rowsOf(workers, nodes, sizes) {
  const sizeOf = new Map((sizes?.nodes ?? []).map((size) => [size.nodeid, size]));
  const foundAs = new Map();
  const rows = [];
  for (const worker of workers?.workers ?? []) {
    if (worker.node === undefined) {
      rows.push(row(worker, undefined, undefined));
    } else if (!foundAs.has(worker.node)) {
      foundAs.set(worker.node, worker);
    }
  }
  for (const node of nodes?.nodes ?? []) {
    if (node.groupid !== 0) {
      rows.push(row(foundAs.get(node.nodeid), node, sizeOf.get(node.nodeid)));
    }
  }
  return rows;
}

function row(worker, node, size) {
  const judged = node ?? worker;
  return {
    key: node ? `node ${node.nodeid}` : `worker ${worker.source} ${worker.address}`,
    name: worker?.name ?? node.name,
    address: judged.address,
    state: judged.situation?.name ?? 'not-judged',
    weight: judged.situation?.weight ?? 'waiting',
    line: judged.situation?.row ?? '',
    sentence: judged.sentence,
    source: worker?.source ?? null,
    health: worker?.health ?? null,
    detail: worker?.detail ?? '',
    sighted: worker !== undefined || node.sighted,
    group: node?.groupid ?? null,
    role: node?.noderole ?? null,
    active: node?.isactive ?? null,
    takesShards: node?.shouldhaveshards ?? null,
    shards: node ? node.placements.distributed : null,
    onlyCopies: node ? node.placements.soleDistributed : null,
    bytes: size?.bytes ?? null,
    bytesUnknown: size?.unknown ?? null,
    postgres: size?.postgres ?? null,
    citus: size?.citus ?? null,
    since: node?.member?.since ?? null,
    origin: node?.member?.origin ?? null,
    orders: judged.orders ?? [],
  };
}

/** How rows compare by each column. Unknown comes last. */
export const ORDERS = {
  state: (a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) || natural(a.state, b.state),
  name: (a, b) => natural(a.name, b.name),
  group: (a, b) => known(a.group, b.group),
  shards: (a, b) => known(a.shards, b.shards),
  bytes: (a, b) => known(a.bytes, b.bytes),
  since: (a, b) => known(time(a.since), time(b.since)),
};

function time(instant) {
  return instant === null ? null : Date.parse(instant);
}

function known(a, b) {
  if (a === null || b === null) {
    return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  }
  return a - b;
}

/** The rows that hold the text anywhere a person would look for it, in this order. */
export function chosen(rows, { text = '', weight = null, column = 'state', descending = false } = {}) {
  const wanted = text.trim().toLowerCase();
  const compare = ORDERS[column];
  return rows
    .filter((each) => weight === null || each.weight === weight)
    .filter((each) => wanted === '' || haystack(each).includes(wanted))
    .sort((a, b) => (descending ? -compare(a, b) : compare(a, b)) || natural(a.name, b.name));
}

function haystack(each) {
  return [each.name, each.address, each.state.replaceAll('-', ' '), each.sentence, `group ${each.group ?? ''}`, each.source ?? '']
    .join('\n')
    .toLowerCase();
}
