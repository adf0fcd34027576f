const JOINS = new Set(['add', 'activate', 'adopt', 'remove-and-add']);
const LOSSES = new Set(['remove', 'disable', 'remove-and-add']);
const BUCKETS = 30;

/** Lengths of a bar in seconds that people can think in, the shortest first. */
const STEPS = [60, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400, 604800];

/** Joins and losses of the journal over time, counted in bars of one length; empty if there are none. */
export function joinsAndLosses(entries, now) {
  const changes = entries
    .filter((entry) => entry.outcome === 'done')
    .map((entry) => ({ at: Date.parse(entry.at), joined: JOINS.has(entry.action), lost: LOSSES.has(entry.action) }))
    .filter((change) => change.joined || change.lost);
  if (changes.length === 0) {
    return { bars: [], step: 0 };
  }
  const oldest = Math.min(...changes.map((change) => change.at));
  const step = STEPS.find((seconds) => (now - oldest) / 1000 / seconds < BUCKETS) ?? STEPS.at(-1);
  const end = Math.ceil(now / 1000 / step) * step;
  const bars = Array.from({ length: BUCKETS }, (_, index) => ({ from: (end - (BUCKETS - index) * step) * 1000, joined: 0, lost: 0 }));
  for (const change of changes) {
    const index = Math.floor((change.at - bars[0].from) / 1000 / step);
    const bar = bars[Math.min(BUCKETS - 1, index)];
    if (bar && index >= 0) {
      bar.joined += change.joined ? 1 : 0;
      bar.lost += change.lost ? 1 : 0;
    }
  }
  return { bars, step };
}
