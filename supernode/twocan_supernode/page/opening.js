/**
 * From a launch to the phone that opens, or to the offer to download it.
 *
 *                the page keeps the focus for 4 s
 *   ─► opening ───────────────────────────────────► offered ◄──────────────┐
 *        │  ▲ back within 15 s                        │ download clicked   │ 5 minutes
 *        ▼  │                                         ▼                    │
 *       left ◄───── tried again, and focus lost ── waiting ────────────────┘
 *        │ still away after 15 s
 *        ▼
 *       gone
 *
 * A page is never told whether a program opened. It can only see that it lost the focus: to the
 * program, or to the browser's own question whether to open it. After that question the focus comes
 * back, so whoever is back soon is asked whether it opened.
 *
 * Chromium opens one program for each click or key, at any time after it, and ignores the rest. So
 * what waits for an installation tries when the visitor comes back to the page, or has not left it
 * for a while: by the click on the download if that is not used up, else by the next one.
 */

const PATIENCE = 4_000;
const BACK_WITHIN = 15_000;
const TRIES_FOR = 300_000;
const TRY_EVERY = 20_000;
const TRY_APART = 3_000;
/** A code lives for 120 s; a phone that was just installed takes a while to start. */
const FRESH = 100_000;

/**
 * Hands a link to the system without leaving the page.
 *
 * Through a frame of its own, because to navigate the page would ask "Leave this site?" where a
 * form is half filled in, and shows an error instead of the page in some browsers that know no
 * program for the link. The address is never an attribute of an element, where any script or
 * extension would see it. A site whose CSP has no room for frames (frame-src) gets the other way.
 */
export function openLink(link) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  document.documentElement.append(frame);
  const done = new AbortController();
  const refused = (event) => {
    if (!/^(frame|child|default)-src/.test(event.effectiveDirective)) return;
    if (event.blockedURI && !event.blockedURI.startsWith("twocan")) return; // Chromium names none
    done.abort();
    location.assign(link);
  };
  document.addEventListener("securitypolicyviolation", refused, { signal: done.signal });
  frame.contentWindow.location.assign(link);
  setTimeout(() => {
    done.abort();
    frame.remove();
  }, PATIENCE);
}

/** One wish to open the phone. Only the newest of a page goes on. */
export class Opening {
  static #newest = null;
  #launch = null;
  #asked = 0;
  #tried = 0;
  #asking = false;
  #waitsUntil = 0;
  #gesture = false;
  #armed = false;
  #timers = new Map();
  #ended = new AbortController();

  /**
   * `asked()` gives a new launch (see asking.js); `told(state, launch)` hears of each state,
   * `failed(failure)` why there is no launch.
   */
  constructor(asked, told, failed) {
    Object.assign(this, { asked, told, failed });
    this.state = "start";
    /** Whether the page lost the focus in between: then it may have opened. */
    this.doubtful = false;
  }

  async start() {
    Opening.#newest?.end();
    Opening.#newest = this;
    if (!(await this.#renew())) return;
    const listen = (target, name, heard) =>
      target.addEventListener(name, heard, { signal: this.#ended.signal, capture: true });
    listen(window, "blur", (event) => event.target === window && this.#left());
    listen(window, "pagehide", () => this.#left());
    listen(window, "focus", (event) => event.target === window && this.#back());
    const seen = () => (document.hidden ? this.#left() : this.#back());
    listen(document, "visibilitychange", seen);
    for (const name of ["pointerup", "keyup"]) {
      listen(window, name, (event) => event.isTrusted && this.#touched());
    }
    this.#try();
  }

  /** The download was clicked: from now on it tries by itself. */
  wait() {
    this.#waitsUntil = Date.now() + TRIES_FOR;
    this.#become("waiting");
  }

  /** The visitor wants it tried now. */
  async again() {
    if (await this.#fresh()) this.#try();
  }

  end() {
    this.#ended.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#launch = null;
  }

  get over() {
    return this.#ended.signal.aborted;
  }

  #become(state) {
    this.state = state;
    this.#stop("tries");
    if (state === "waiting") this.#after("tries", TRY_EVERY, () => this.#arm());
    this.told(state, this.#launch);
  }

  #after(name, wait, done) {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(() => this.over || done(), wait));
  }

  #stop(name) {
    clearTimeout(this.#timers.get(name));
  }

  async #renew() {
    this.#asking = true;
    try {
      this.#launch = await this.asked();
      this.#asked = Date.now();
    } catch (failure) {
      if (!this.over) this.failed(failure);
      return false;
    } finally {
      this.#asking = false;
    }
    return !this.over;
  }

  async #fresh() {
    if (this.#asking || this.over) return false;
    return Date.now() - this.#asked < FRESH || this.#renew();
  }

  #try() {
    this.#tried = Date.now();
    this.#gesture = this.#armed = false;
    this.doubtful = false;
    if (this.state !== "waiting") this.#become("opening");
    this.#look();
    openLink(this.#launch.link);
  }

  #look() {
    this.#after("look", PATIENCE, () => {
      if (this.state === "opening") this.#become(this.#waits ? "waiting" : "offered");
    });
  }

  get #waits() {
    return Date.now() < this.#waitsUntil;
  }

  #left() {
    const justTried = Date.now() - this.#tried < PATIENCE;
    if (this.state !== "opening" && !(this.state === "waiting" && justTried)) return;
    this.#stop("look");
    this.#become("left");
    this.#after("gone", BACK_WITHIN, () => {
      this.#become("gone");
      this.end();
    });
  }

  #back() {
    if (document.hidden) return;
    if (this.state === "left") {
      this.#stop("gone");
      this.doubtful = true;
      this.#become("opening");
      this.#look();
    } else if (this.state === "waiting") this.#arm();
  }

  #touched() {
    this.#gesture = true;
    this.#tryIfDue();
  }

  /** From now on the next click or key tries, or the last one if it is not used up. */
  #arm() {
    if (!this.#waits) {
      this.#become("offered");
      return;
    }
    this.#after("tries", TRY_EVERY, () => this.#arm());
    this.#armed = true;
    this.#tryIfDue();
  }

  async #tryIfDue() {
    if (this.state !== "waiting" || !this.#armed || !this.#gesture) return;
    if (!document.hasFocus() || Date.now() - this.#tried < TRY_APART) return;
    if (await this.#fresh()) this.#try();
  }
}
