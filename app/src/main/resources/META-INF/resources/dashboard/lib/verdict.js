import { count } from './words.js';

/**
 * The whole cluster in one sentence and one colour: the worst thing that is so.
 *
 * @returns {{weight: string, word: string, sentence: string, more: string}}
 */
export function verdictOf(state, rows) {
  const { status, connection, problem } = state;
  if (problem && !status) {
    return verdict('unknown', 'No answer', problem.detail, problem.remedy ?? '');
  }
  if (!status) {
    return verdict('unknown', 'Loading', 'Asking Roster for the state of the cluster.');
  }
  if (!connection.live && connection.failures > 0) {
    return verdict('unknown', 'Not connected', 'This page has lost Roster. What is shown is as it last was.');
  }
  if (!status.lastPass) {
    return verdict('unknown', 'Starting', 'The first pass has not ended yet.');
  }
  return ofCoordinator(status) ?? ofAlarms(status, rows) ?? ofSources(status) ?? ofRows(rows);
}

function verdict(weight, word, sentence, more = '') {
  return { weight, word, sentence, more };
}

function ofCoordinator({ coordinator }) {
  if (coordinator.reached) {
    return null;
  }
  const { trouble } = coordinator;
  return verdict(
    'alarm',
    'Coordinator away',
    trouble?.sentence ?? 'The coordinator has not been reached.',
    trouble ? `To do: ${trouble.remedy}. Nothing is changed until it answers.` : 'Nothing is changed until it answers.',
  );
}

function ofAlarms({ alarms }, rows) {
  const troubled = rows.filter((row) => row.weight === 'alarm');
  if (alarms.length > 0) {
    return verdict('alarm', 'A person is needed', alarms[0], troubled.length > 0 ? and(troubled, 'needs', 'need') : '');
  }
  if (troubled.length > 0) {
    return verdict('alarm', 'A person is needed', `${and(troubled, 'needs', 'need')} somebody to decide.`);
  }
  return null;
}

function ofSources({ sources }) {
  const away = sources.filter((source) => !source.connected);
  if (away.length > 0) {
    return verdict(
      'alarm',
      away.length === 1 ? 'A source is away' : 'Sources are away',
      `Roster cannot look for workers by ${named(away)}.`,
      'Nothing is removed because of that.',
    );
  }
  const stale = sources.filter((source) => source.stale);
  return stale.length === 0
    ? null
    : verdict(
      'alarm',
      stale.length === 1 ? 'A source is stale' : 'Sources are stale',
      `${stale.length === 1 ? 'The source' : 'The sources'} ${named(stale)} ${stale.length === 1 ? 'has' : 'have'} not seen everything for too long.`,
      'Nothing is removed because of that.',
    );
}

function named(sources) {
  return sources.map((source) => source.source).join(', ');
}

function ofRows(rows) {
  const waiting = rows.filter((row) => row.weight === 'waiting');
  if (waiting.length > 0) {
    return verdict('waiting', 'Not yet true', `${and(waiting, 'is', 'are')} not as ${waiting.length === 1 ? 'it' : 'they'} should be.`);
  }
  const changing = rows.filter((row) => row.weight === 'changing');
  if (changing.length > 0) {
    return verdict('changing', 'Changing', `A change of ${names(changing)} is under way.`);
  }
  if (rows.length === 0) {
    return verdict('unknown', 'Empty', 'No worker has been found, and none is registered.', 'Workers join by themselves as soon as a source finds them ready.');
  }
  return verdict('calm', 'True', `The list of members is true: ${counted(rows)}, nothing to do.`);
}

/** `3 workers`, `3 workers and 1 that stays out`. */
function counted(rows) {
  const out = rows.filter((row) => row.group === null).length;
  const members = count(rows.length - out, 'worker');
  return out === 0 ? members : `${members} and ${out} that ${out === 1 ? 'stays' : 'stay'} out`;
}

/** `worker-3 is`, `worker-3 and worker-4 are`, `worker-3 and 4 more are`. */
function and(rows, one, many) {
  return `${names(rows)} ${rows.length === 1 ? one : many}`;
}

function names(rows) {
  if (rows.length === 2) {
    return `${rows[0].name} and ${rows[1].name}`;
  }
  return rows.length === 1 ? rows[0].name : `${rows[0].name} and ${rows.length - 1} more`;
}
