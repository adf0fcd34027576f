/** One clock for all that counts seconds on the page. */
const listeners = new Set();
let timer = null;

export function everySecond(listener) {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((each) => each()), 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = null;
    }
  };
}
