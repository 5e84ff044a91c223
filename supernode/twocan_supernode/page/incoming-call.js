/**
 * <twocan-incoming> shows who calls, while a page of the site is open.
 *
 *   <twocan-incoming></twocan-incoming>      first in the body, so that Tab comes to it first
 *
 * Attributes: `backend` and `lang` as of <twocan-call>; `sound`: two soft notes while it rings.
 * CSS as of <twocan-call>. Parts: `stack`, `toast`, `answer`, `decline`, `close`, `offer`, `download`.
 *
 * It is heard of by screen readers at once (role="alert"), and stands above the page, but never
 * takes the focus, as a dialog would: whoever types goes on typing.
 */

import { askForLaunch, Opening, part, plain, shadow, Words } from "./call-button.js";
import { Sound, Title } from "./attention.js";
import { Calls } from "./calls.js";
import { nameOnCard } from "./card.js";
import { bare, heard, saying } from "./initiation.js";
import { Tabs } from "./leading.js";
import { Line } from "./supernode.js";
import { Toast, TOAST_LOOK } from "./toast.js";

const LOOKS_EVERY = 5_000;
const RINGS_AGAIN = 20_000;
const AWAY_AFTER = 300_000;
const TELLS_SEEN = 60_000;

export class IncomingCalls extends HTMLElement {
  #calls = new Calls();
  #toasts = new Map();
  #rung = new Map();
  #opening = null;
  #line = null;
  #tabs = null;
  #timer = 0;
  #seen = Date.now();
  #told = 0;
  #order = Promise.resolve();
  #title = new Title();
  #sound = new Sound();

  get backend() {
    return (this.getAttribute("backend") || "/twocan").replace(/\/+$/, "");
  }

  get words() {
    return Words.of(this);
  }

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    const name = `twocan-incoming ${new URL(this.backend, document.baseURI)}`;
    this.#tabs = new Tabs(name, (message) => this.#hear(message), () => this.#lead());
    this.#tabs.tell({ what: "here" });
    this.#timer = setInterval(() => this.#look(), LOOKS_EVERY);
    document.addEventListener("visibilitychange", this.#looked);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#looked);
    this.#opening?.end();
    this.#tabs.end();
    this.#line?.end();
    this.#line = null;
    this.#calls = new Calls();
    this.#show();
  }

  #build() {
    const root = shadow(this, TOAST_LOOK);
    this.stack = part("div", { class: "stack", part: "stack" });
    this.alert = part("div", { class: "said", role: "alert" });
    root.append(this.stack, this.alert);
  }

  // --- the tab that speaks with the supernode

  #lead() {
    this.#line = new Line(this.backend, (messages, account, again) => {
      // One after the other: whoever takes a call back while their card is looked at has called.
      this.#order = this.#order.then(() => this.#take(messages, account, again)).catch(() => {});
    });
  }

  async #take(messages, { address, key }, again) {
    const all = messages.map((each) => heard(each, address)).filter(Boolean);
    for (const news of all) {
      const end = news.verb === "propose" && all.find((each) => ends(each, news));
      // What was over before this page was there is the archive's alone.
      if (end && news.kept && (end.own || !again)) continue;
      if (news.verb === "propose") await this.#propose(news, key, !end);
      else if (news.own) this.#calls.gone(news.sid);
      else if (news.verb === "retract") this.#calls.missed(news.sid, news.from);
    }
    if (all.length) this.#changed();
  }

  async #propose(news, key, rings) {
    const known = news.media.filter((each) => each === "audio" || each === "video");
    if (news.own || !known.length) return;
    const now = Date.now();
    const name = plain(await nameOnCard(news.card, key, bare(news.from), now / 1000));
    const call = { ...news, name, video: known.includes("video") };
    if (this.#calls.propose(call, news.at ?? now, now) && rings) this.#ring(news.sid);
  }

  #ring(sid) {
    const call = this.#calls.find(sid);
    if (!call) return;
    this.#rung.set(sid, Date.now());
    this.#line?.send(saying("ringing", sid, call.caller));
  }

  #changed() {
    this.#tabs.tell({ what: "calls", list: this.#calls.list });
    this.#show();
  }

  // --- every tab

  #hear({ what, sid, list }) {
    if (what === "calls" && !this.#tabs.leads) {
      this.#calls = new Calls(list);
      this.#show();
    }
    if (!this.#tabs.leads) return;
    if (what === "here") this.#changed();
    else if (what === "seen") this.#seen = Date.now();
    else this.#decide(what, sid);
  }

  /** What was clicked in this tab or another one; the leading one does it. */
  #decide(what, sid) {
    if (!this.#tabs.leads) {
      this.#tabs.tell({ what, sid });
      return;
    }
    const call = this.#calls.find(sid);
    if (what === "answer") this.#calls.answering(sid);
    else {
      if (call && what === "decline") this.#line?.send(saying("reject", sid, bare(call.caller)));
      this.#calls.gone(sid);
    }
    this.#changed();
  }

  #looked = () => {
    this.#told = 0;
    this.#look();
  };

  #look() {
    const now = Date.now();
    if (!document.hidden) this.#seen = now;
    if (!this.#tabs.leads) {
      if (!document.hidden && now - this.#told > TELLS_SEEN) {
        this.#told = now;
        this.#tabs.tell({ what: "seen" });
      }
      return;
    }
    if (this.#line) this.#line.away = now - this.#seen > AWAY_AFTER;
    if (this.#calls.age(now)) this.#changed();
    for (const { sid, state } of this.#calls.list) {
      if (state === "answering" && now - (this.#rung.get(sid) ?? 0) >= RINGS_AGAIN) this.#ring(sid);
    }
  }

  // --- what is seen

  #show() {
    const list = this.#calls.list;
    for (const [sid, toast] of this.#toasts) {
      if (!list.some((call) => call.sid === sid)) this.#remove(sid, toast);
    }
    for (const call of list) this.#showOne(call);
    const ringing = list.find((call) => call.state === "ringing");
    this.#title.show(ringing ? this.#toasts.get(ringing.sid).text : "");
    if (ringing && this.hasAttribute("sound")) this.#sound.play();
    else this.#sound.stop();
  }

  #showOne(call) {
    const known = this.#toasts.get(call.sid);
    if (known?.call.state === call.state) return;
    if (known) {
      const answering = call.state === "answering";
      known.call = { ...call };
      if (!answering) {
        known.draw(call);
        this.#alert(known.text);
      }
      return;
    }
    const toast = new Toast({ ...call }, this.words, (what) => this.#did(what, call.sid));
    this.#toasts.set(call.sid, toast);
    this.stack.append(toast.element);
    this.#alert(toast.text);
  }

  #remove(sid, toast) {
    if (this.#opening?.sid === sid) this.#opening.end();
    toast.offer?.hide();
    toast.element.remove();
    this.#toasts.delete(sid);
    this.#rung.delete(sid);
  }

  #alert(text) {
    this.alert.textContent = text;
  }

  // --- what is clicked

  #did(what, sid) {
    const toast = this.#toasts.get(sid);
    if (what === "answer" && toast.answer.getAttribute("aria-busy") === "true") return;
    if (what === "rest") {
      this.#opening?.end();
      toast.busy(false);
      return;
    }
    this.#decide(what, sid);
    if (what === "answer") this.#answer(sid, toast);
  }

  #answer(sid, toast) {
    const caller = bare(toast.call.caller);
    toast.busy(true);
    this.#opening = new Opening(
      () => askForLaunch(this.backend, { answer: sid, caller }),
      (state, launch) => this.#opened(state, launch, toast),
      (failure) => this.#failed(failure, toast),
    );
    this.#opening.sid = sid;
    this.#opening.start();
  }

  #opened(state, launch, toast) {
    toast.busy(state === "opening");
    if (!toast.offer) return;
    const opening = this.#opening;
    if (state === "offered" || state === "waiting") {
      const missing = opening.doubtful ? "doubtful" : "notOpened";
      const heading = this.words.say(state === "waiting" ? "waitingToAnswer" : missing);
      toast.offer.present(launch, heading, opening);
    } else toast.offer.hide();
  }

  #failed(failure, toast) {
    toast.busy(false);
    toast.offer?.complain(this.words.say(failure.text ?? "failed", failure.values));
  }
}

/** Whether it is the end of that call, or somebody took it. */
function ends({ verb, sid, own, from }, call) {
  if (sid !== call.sid || verb === "propose") return false;
  return own || (verb === "retract" && bare(from) === bare(call.from));
}

if (!customElements.get("twocan-incoming")) customElements.define("twocan-incoming", IncomingCalls);
