/** Less is not worth a jump: the server tells whole seconds, and an answer takes its time. */
const WORTH_IT = 2000;

let ahead = 0;

/** The server's time, in milliseconds, as far as it has told it; this machine's until then. */
export function now() {
  return Date.now() + ahead;
}

/** Learns from an answer how far this machine's clock is from the server's. */
export function learnFrom(response) {
  const told = Date.parse(response.headers.get('Date') ?? '');
  if (Number.isFinite(told)) {
    const difference = told - Date.now();
    ahead = Math.abs(difference) < WORTH_IT ? 0 : difference;
  }
}
