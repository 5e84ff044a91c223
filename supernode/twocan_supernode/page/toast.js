/** One call that rings, or was missed, as it is shown in a corner of the page. */

import { icon, Offer, OFFER_LOOK, part, sheet } from "./call-button.js";

export const TOAST_LOOK = sheet(`
:host { display: block; }
.stack { position: fixed; inset: auto; inset-block-end: 1rem; inset-inline-end: 1rem; margin: 0; padding: 0;
  border: 0; background: none; overflow: visible; display: grid; gap: .75rem; z-index: 2147483000;
  inline-size: min(22rem, calc(100vw - 2rem)); max-block-size: calc(100vh - 2rem); }
.stack:not(:has(.toast)) { display: none; }
.toast { display: grid; grid-template-columns: auto 1fr; gap: .75rem 1rem; align-items: center;
  animation: come .25s ease-out; }
.toast > .row { grid-column: 1 / -1; }
.toast > .row > * { flex: 1; }
.sign { inline-size: 44px; block-size: 44px; border-radius: 50%; display: grid; place-items: center;
  background: var(--_accent); color: var(--_on-accent); position: relative; }
.ringing .sign::after { content: ""; position: absolute; inset: 0; border-radius: 50%;
  border: 2px solid var(--_accent); animation: pulse 1.8s ease-out infinite; }
.missed .sign { background: var(--_raised); color: var(--_bad); }
.accept { background: var(--_accept); color: var(--_on-accept); }
.said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
@keyframes pulse { to { scale: 1.6; opacity: 0; } }
@keyframes come { from { translate: 0 1rem; opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .ringing .sign::after { scale: 1.2; } }
${OFFER_LOOK}`);

/**
 * `did(what)` hears of "answer", "decline" and "close". It never takes the focus: somebody who
 * types goes on typing, and Enter or Space answer nothing by accident.
 */
export class Toast {
  constructor(call, words, did) {
    Object.assign(this, { call, words, did });
    this.element = part("div", { class: "card toast", part: "toast", role: "group" });
    this.draw(call);
  }

  draw(call) {
    const { words } = this;
    const ringing = call.state !== "missed";
    const name = call.name || words.say("somebody");
    const text = ringing ? (call.video ? "callingVideo" : "calling") : "missed";
    this.text = words.say(text, { name });
    this.element.className = `card toast ${call.state}`;
    this.element.dir = words.direction;
    this.element.lang = words.language;
    this.element.setAttribute("aria-label", this.text);
    const sign = part("span", { class: "sign", "aria-hidden": "true" });
    sign.append(icon(call.video ? "camera" : "phone"));
    const about = part("p", { class: "strong" }, this.text);
    this.element.replaceChildren(sign, about, this.#buttons(ringing));
    this.offer?.hide();
    this.offer = ringing ? new Offer(this.answer, words, () => this.did("rest"), this.row) : null;
  }

  /** That the phone is being opened. */
  busy(on) {
    this.answer.setAttribute("aria-busy", String(on));
    this.answer.setAttribute("aria-disabled", String(on));
  }

  #buttons(ringing) {
    this.row = part("div", { class: "row" });
    if (ringing) {
      this.answer = this.#button("answer", "accept");
      this.row.append(this.answer, this.#button("decline", "plain"));
    } else this.row.append(this.#button("close", "plain"));
    return this.row;
  }

  #button(what, look) {
    const button = part("button", { type: "button", class: look, part: what }, this.words.say(what));
    button.addEventListener("click", () => this.did(what));
    return button;
  }
}
