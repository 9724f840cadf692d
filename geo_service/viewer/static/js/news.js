/**
 * The events of the service that facts changed, over one connection per browser: the tab that holds the lock passes them on to the others. Without
 * locks (plain http) each tab has a connection of its own.
 */
const ADDRESS = "/api/v1/alerts/stream?facts=true";
const NAME = "geo-service.news";
/** A tab that has just opened asks whether another listens. */
const HELLO = "hello";
const BEAT_MS = 20_000;
/** Timers of a hidden tab are slow. */
const SILENCE_MS = 90_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** @typedef {"changed" | "alive" | "gone"} Word */

/** @type {(() => void)[]} */
const listeners = [];
let heardAt = 0;
/** Tells the others that this tab listens; nothing while it does not. @type {() => unknown} */
let beat = () => undefined;

const channel = new BroadcastChannel(NAME);

export const news = {
  /** Whether changes are told at this moment; else they must be asked for. */
  get isLive() {
    return Date.now() - heardAt < SILENCE_MS;
  },
  /** @param {() => void} listener is called when facts may have changed */
  onChange(listener) {
    listeners.push(listener);
  },
};

/** @param {Word} word */
function hear(word) {
  heardAt = word === "gone" ? 0 : Date.now();
  if (word === "changed") for (const listener of listeners) listener();
}

/** @param {Word} word */
function tell(word) {
  hear(word);
  channel.postMessage(word);
}

/** Listens as long as this tab lives. */
function listen() {
  let pause = FIRST_PAUSE_MS;
  /** @type {EventSource} */
  let current;

  function open() {
    const source = new EventSource(ADDRESS);
    current = source;
    source.onopen = () => {
      pause = FIRST_PAUSE_MS;
      tell("changed"); // what happened until now nobody told
    };
    source.addEventListener("facts", () => tell("changed"));
    source.onerror = () => {
      tell("gone");
      source.close();
      setTimeout(open, pause * (1 + Math.random() / 2));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    };
  }

  open();
  beat = () => current.readyState === EventSource.OPEN && tell("alive");
  setInterval(beat, BEAT_MS);
}

/** Begins to listen, or to wait for the turn of this tab. */
export function startNews() {
  channel.onmessage = ({ data }) => (data === HELLO ? beat() : hear(data));
  channel.postMessage(HELLO);
  if (!navigator.locks) listen();
  else navigator.locks.request(NAME, () => new Promise(listen));
}
