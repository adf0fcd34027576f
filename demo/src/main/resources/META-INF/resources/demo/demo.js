// The buttons of the demo. The token comes behind # in the address, where no server sees it, and stays in this tab; the dashboard
// finds it there too.
const TOKEN = 'roster.token';
const EVERY = 1000;
const DEEDS = {
  stop: 'Stop',
  start: 'Start',
  drain: 'Drain',
  cancel: 'Cancel order',
  remove: 'Take away',
  wipe: 'Wipe',
};
/** What makes sense for a server in each state; the order can be given and taken back at any time. */
const NEEDS = { stop: ['ready', 'starting'], start: ['stopped', 'gone'], remove: ['ready', 'starting', 'stopped'], wipe: ['ready', 'stopped'] };
const WEIGHTS = { ready: 'calm', starting: 'changing', stopped: 'waiting', gone: 'alarm' };

const by = (id) => document.getElementById(id);
const shown = new Map();
let lines = 0;
let pressed = null;

function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, '', location.pathname);
  }
}

async function press(button, path) {
  pressed = button;
  button.disabled = true;
  by('told').textContent = '…';
  try {
    const answer = await fetch(`stage/workers${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN)}`, 'Content-Type': 'application/json' },
      body: '{}',
    });
    const body = await answer.json();
    by('told').textContent = answer.ok ? body.told : body.detail;
  } catch {
    by('told').textContent = 'The demo does not answer; it has ended.';
  } finally {
    pressed = null;
    button.disabled = false;
    await look();
    keepFocus(button);
  }
}

/** A button that no longer makes sense lets go of the focus; it stays with the worker. */
function keepFocus(button) {
  if (button.disabled && document.activeElement === document.body) {
    button.parentElement.querySelector('button:not(:disabled)')?.focus();
  }
}

function row(worker) {
  const item = document.createElement('li');
  const who = document.createElement('span');
  who.className = 'who';
  const deeds = document.createElement('span');
  deeds.className = 'deeds';
  const name = document.createElement('strong');
  name.textContent = worker.name;
  const state = document.createElement('span');
  const buttons = Object.entries(DEEDS).map(([deed, text]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.dataset.deed = deed;
    button.setAttribute('aria-label', `${text}: ${worker.name}`);
    button.addEventListener('click', () => press(button, `/${worker.number}/${deed}`));
    return button;
  });
  who.append(name, state);
  deeds.append(...buttons);
  item.append(who, deeds);
  by('workers').append(item);
  return { state, buttons };
}

function show(stage) {
  by('citus').textContent = `On ${stage.citus}.`;
  by('playing').hidden = !stage.playing;
  for (const worker of stage.workers) {
    if (!shown.has(worker.number)) {
      shown.set(worker.number, row(worker));
    }
    const { state, buttons } = shown.get(worker.number);
    state.className = `state ${WEIGHTS[worker.state] ?? 'waiting'}`;
    state.textContent = worker.state;
    for (const button of buttons) {
      button.disabled = button === pressed || !(NEEDS[button.dataset.deed]?.includes(worker.state) ?? true);
    }
  }
  const story = by('story');
  for (const line of stage.story.slice(lines)) {
    const item = document.createElement('li');
    item.className = line.kind;
    item.textContent = (line.kind === 'watch' ? 'Watch: ' : line.kind === 'roster' ? 'Roster: ' : '') + line.text;
    story.append(item);
    story.scrollTop = story.scrollHeight;
  }
  lines = stage.story.length;
}

async function look() {
  try {
    show(await (await fetch('stage', { cache: 'no-store' })).json());
  } catch {
    by('told').textContent = 'The demo does not answer; it has ended.';
  }
}

takeToken();
by('add').addEventListener('click', () => press(by('add'), ''));
by('dashboard').hidden = !(await fetch('/', { method: 'HEAD' })).ok;
await look();
setInterval(look, EVERY);
