/** Numbers, times and names as people read them. Pure functions. */

const NUMBER = new Intl.NumberFormat('en');
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

export function number(value) {
  return NUMBER.format(value);
}

/** `3 workers`, `1 worker`. */
export function count(amount, one, many = `${one}s`) {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

/** Bytes in binary units; null is unknown, which is not zero. */
export function bytes(value) {
  if (value === null || value === undefined) {
    return 'unknown';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A length of time in its two largest units: `4 m 12 s`. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    ['d', Math.floor(whole / 86400)],
    ['h', Math.floor(whole / 3600) % 24],
    ['m', Math.floor(whole / 60) % 60],
    ['s', whole % 60],
  ];
  const first = parts.findIndex(([, amount]) => amount > 0);
  if (first < 0) {
    return '0 s';
  }
  return parts
    .slice(first, first + 2)
    .filter(([, amount], index) => index === 0 || amount > 0)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(' ');
}

export function clock(instant) {
  return CLOCK.format(new Date(instant));
}

export function day(instant) {
  return DAY.format(new Date(instant));
}

/** `worker-2` before `worker-10`. */
export const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

/** `member-not-ready` as `member not ready`. */
export function spoken(word) {
  return word.replaceAll('-', ' ');
}

/** A sentence's first letter large, as at the beginning of a line. */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
