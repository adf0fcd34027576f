import { count, number } from './words.js';

/**
 * How evenly the shards lie on the nodes that are to take some.
 *
 * @returns {{sentence: string, even: boolean}}
 */
export function evenness(rows) {
  const nodes = rows.filter((row) => row.group !== null && row.active && row.takesShards && row.role === 'primary');
  if (nodes.length === 0) {
    return { sentence: 'No node takes shards.', even: true };
  }
  const amounts = nodes.map((row) => row.shards);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const least = Math.min(...amounts);
  const most = Math.max(...amounts);
  if (total === 0) {
    return { sentence: 'There are no distributed shards.', even: true };
  }
  if (nodes.length === 1) {
    return { sentence: `All ${count(total, 'shard')} lie on the one node there is.`, even: true };
  }
  const fair = total / nodes.length;
  const even = most - least <= Math.max(2, fair * 0.2);
  return {
    even,
    sentence: even
      ? `Even: ${least === most ? `each of ${number(nodes.length)} nodes holds ${count(most, 'shard')}` : `${number(nodes.length)} nodes hold ${number(least)} to ${count(most, 'shard')} each`}.`
      : `Uneven: ${number(nodes.length)} nodes hold ${number(least)} to ${count(most, 'shard')} each; an even share is ${number(Math.round(fair))}.`,
  };
}
