/**
 * Who can be called now: one question for all buttons of a page.
 *
 * Asked every 20 s while the page is seen, and at once when it is seen again or a button joins.
 * A backend that fails is asked ever less often.
 */

import { ask } from "./asking.js";

const EVERY = 20_000;
const SELDOM = 320_000;
const MOST = 100;
const PRESENCES = new Set(["free", "in-a-call", "away", "unreachable"]);

/** All buttons that ask one backend. */
class Watch {
  #buttons = new Set();
  #timer = 0;
  #failures = 0;
  #asking = false;
  #again = false;

  constructor(backend) {
    this.backend = backend;
    document.addEventListener("visibilitychange", () => this.#plan(0));
  }

  join(button) {
    this.#buttons.add(button);
    if (!this.#failures) this.#plan(0);
  }

  leave(button) {
    this.#buttons.delete(button);
  }

  #plan(wait) {
    clearTimeout(this.#timer);
    if (document.hidden || !this.#buttons.size) return;
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  async #look() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    this.#again = false;
    const wait = await this.#asked();
    this.#asking = false;
    this.#plan(this.#again ? 0 : wait);
  }

  /** Milliseconds until the next time. */
  async #asked() {
    try {
      const people = [...new Set([...this.#buttons].map((each) => each.person).filter(Boolean))];
      for (let at = 0; at < people.length; at += MOST) await this.#ask(people.slice(at, at + MOST));
      this.#failures = 0;
      return EVERY;
    } catch (failure) {
      this.#failures += 1;
      const wait = Math.min(EVERY * 2 ** this.#failures, SELDOM);
      return Math.max(wait, 1000 * (failure.seconds ?? 0)) * (0.8 + 0.4 * Math.random());
    }
  }

  async #ask(people) {
    const asked = new URLSearchParams(people.map((each) => ["person", each]));
    const said = (await ask(`${this.backend}/presence?${asked}`))?.presence ?? {};
    for (const button of this.#buttons) {
      if (!people.includes(button.person) || !Object.hasOwn(said, button.person)) continue;
      const presence = said[button.person];
      button.presence = PRESENCES.has(presence) ? presence : "";
    }
  }
}

const watches = new Map();

/** The one watch of this page for that backend. */
export function watch(backend) {
  if (!watches.has(backend)) watches.set(backend, new Watch(backend));
  return watches.get(backend);
}
