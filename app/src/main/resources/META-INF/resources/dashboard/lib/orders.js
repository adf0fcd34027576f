import { bytes, count, natural } from './words.js';

/** States of a server that is not a node and has a member's data, or may have. */
const COPIES = ['standby', 'copy', 'stale-copy', 'twin', 'following', 'carries-shards'];

/**
 * What can be ordered, for whom, and what comes of it.
 *
 * `fits` says whether the order makes sense for a row, `others` which other servers it may name.
 */
export const KINDS = [
  {
    kind: 'drain',
    title: 'Drain',
    fits: (row) => row.group !== null,
    means: (row) =>
      row.shards > 0
        ? `Citus moves its ${count(row.shards, 'shard')}${row.bytes ? ` (${bytes(row.bytes)})` : ''} to the other nodes, then the node is removed and its server kept out until the order is cancelled. Reads and writes go on.`
        : 'It holds no shards: the node is removed at once, and its server kept out until the order is cancelled.',
  },
  {
    kind: 'remove',
    title: 'Remove',
    fits: (row) => row.group !== null,
    means: (row) =>
      row.onlyCopies > 0
        ? `It holds the only copy of ${count(row.onlyCopies, 'shard')}, so this will be refused: drain it instead.`
        : 'The node is removed at once. Its server stays out until the order is cancelled.',
  },
  {
    kind: 'follow',
    title: 'Follow',
    field: 'to',
    asks: 'The server that has its data now',
    fits: (row) => row.group !== null && row.role === 'primary',
    others: (row, rows) => rows.filter((other) => isOther(row, other) && (COPIES.includes(other.state) || other.state === 'moved')),
    means: (row) =>
      `The node stays what it is, with its shards, and its address becomes that of another server with its data. What was written to ${row.name} and never reached that server is given up.`,
  },
  {
    kind: 'replace',
    title: 'Replace',
    field: 'with',
    asks: 'The empty server that takes its place',
    fits: (row) => row.role === 'primary' && row.onlyCopies > 0 && (row.weight === 'alarm' || row.weight === 'waiting'),
    others: (row, rows) => rows.filter((other) => (isOther(row, other) ? other.group === null && !COPIES.includes(other.state) : row.state === 'replaced')),
    means: (row) =>
      `Only if ${row.name} is lost for good. An empty server takes its place: shards with a copy elsewhere are copied, and the rows of the ${count(row.onlyCopies, 'shard')} that only it had are lost.`,
  },
  {
    kind: 'activate',
    title: 'Activate',
    fits: (row) => row.active === false,
    means: () => 'The node takes part again as soon as its own server answers.',
  },
  {
    kind: 'hold',
    title: 'Hold',
    fits: () => true,
    means: () => 'It is left as it is, whatever happens to it, until the order is cancelled.',
  },
];

/** The orders for this row, each with the other servers it may name; one that must name a server and finds none is left out. */
export function ordersFor(row, rows) {
  return KINDS.filter((each) => each.fits(row))
    .map((each) => ({ ...each, choices: each.others ? each.others(row, rows).sort((a, b) => natural(a.name, b.name)) : null }))
    .filter((each) => each.choices === null || each.choices.length > 0);
}

function isOther(row, other) {
  return other.key !== row.key;
}

/** How shards are copied, and what comes of it. */
export const MODES = [
  ['auto', 'Reads and writes go on'],
  ['block_writes', 'Writers wait while their shard is copied'],
  ['force_logical', 'Writes go on; updates and deletes fail in tables without a primary key'],
];
