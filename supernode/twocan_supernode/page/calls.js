/**
 * The calls that ring at this person, and those that they missed. Pure: time is an argument.
 *
 *   (nothing) ─propose─► ringing ─answer clicked─► answering
 *                           │  └──────────────────────┤ another device took or declined it: gone
 *                           │ taken back, or too long │ declined here: gone
 *                           ▼                         ▼
 *                         missed ─closed─► gone
 */

const MOST = 5;
const MOST_A_MINUTE = 30;
/** Of one caller: who calls without end is not heard, and keeps nobody else from being. */
const MOST_OF_ONE = 4;
const MOST_OVER = 100;
const MINUTE = 60_000;
/** As long as a phone rings, if it never hears that the caller gave up. */
export const RINGS_FOR = 60_000;
/** A caller waits no longer, whatever is said to it. */
export const WAITS_AT_MOST = 180_000;

/** `list`: {sid, caller (full address), name, video, state, since}, the oldest first. */
export class Calls {
  constructor(list = []) {
    this.list = list;
    this.#seen = [];
  }

  #seen;
  #over = [];

  find(sid) {
    return this.list.find((each) => each.sid === sid);
  }

  /** Somebody calls; `at`: when they said so. Whether it rings now. */
  propose({ sid, from, name, video }, at, now) {
    if (this.find(sid) || this.#over.includes(sid)) return false;
    const who = from.split("/", 1)[0];
    this.#seen = this.#seen.filter((each) => each.at > now - MINUTE);
    const theirs = this.#seen.filter((each) => each.who === who).length;
    if (theirs >= MOST_OF_ONE || this.#seen.length >= MOST_A_MINUTE) return false;
    this.#seen.push({ who, at: now });
    this.list = this.list.filter((each) => each.caller.split("/", 1)[0] !== who);
    if (this.list.length >= MOST) this.#dropMissed();
    if (this.list.length >= MOST) return false;
    const state = now - at < WAITS_AT_MOST ? "ringing" : "missed";
    this.list.push({ sid, caller: from, name, video, state, since: Math.min(at, now) });
    return state === "ringing";
  }

  /** The call is over without having been taken anywhere. Only its caller takes it back. */
  missed(sid, from) {
    const call = this.find(sid);
    if (call && call.caller.split("/", 1)[0] === from.split("/", 1)[0]) call.state = "missed";
  }

  /** It is not shown any more, whoever tells of it again. */
  gone(sid) {
    this.#over = [...this.#over, sid].slice(-MOST_OVER);
    this.list = this.list.filter((each) => each.sid !== sid);
  }

  answering(sid) {
    const call = this.find(sid);
    if (call?.state === "ringing") call.state = "answering";
  }

  /** Those that nobody waits for any more are missed. Whether there were any. */
  age(now) {
    const over = this.list.filter(({ state, since }) => {
      const longest = { ringing: RINGS_FOR, answering: WAITS_AT_MOST }[state];
      return longest && now - since >= longest;
    });
    for (const call of over) call.state = "missed";
    return over.length > 0;
  }

  #dropMissed() {
    const oldest = this.list.find((each) => each.state === "missed");
    if (oldest) this.gone(oldest.sid);
  }
}
