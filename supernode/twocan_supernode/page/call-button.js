/**
 * <twocan-call person="…"> calls somebody: a button for any page, without a framework.
 *
 *   <script type="module" src="https://calls.site.example/call-button.js"></script>
 *   <twocan-call person="42" name="Demo Ann"></twocan-call>
 *
 * Attributes: `person` (the ID that the site knows them by), `name` (as it is read out), `video`
 * (with camera), `reason` (what the call is about), `backend` (where the site answers for the
 * button; "/twocan"), `lang` (en, de, es, zh, ar; else the language around it, else the visitor's).
 * What stands inside takes the place of the word "Call".
 *
 * Everybody can be clicked on: somebody who cannot be reached finds a missed call later.
 *
 * CSS: --twocan-accent, --twocan-on-accent (the button), --twocan-surface, --twocan-text,
 * --twocan-muted, --twocan-line (cards), --twocan-radius, --twocan-size (the height: 44px),
 * --twocan-font (as the property `font`). Light or dark is as the page's own `color-scheme` says.
 * Parts: `button`, `icon`, `label`, `presence`, `offer`, `download`.
 * Events, which bubble: `twocan-state` with detail.state: asking, opening, offered, waiting, left,
 * gone, failed, or idle.
 *
 * A page that has a <twocan-incoming> as well gets incoming-call.js, and with it all that talks to
 * the supernode; others never load it.
 */

import { ask, askForLaunch, webAddress } from "./asking.js";
import { icon, part, shadow, sheet } from "./look.js";
import { Offer, OFFER_LOOK } from "./offer.js";
import { Opening } from "./opening.js";
import { watch } from "./presence.js";
import { plain, Words } from "./words.js";

const LOOK = sheet(`
:host { display: inline-block; vertical-align: middle; }
.picture { display: contents; }
.dot { inline-size: .75em; block-size: .75em; border-radius: 50%; flex: none; border: 2px solid currentColor; }
.dot:not([data-presence]) { display: none; }
.dot[data-presence="free"] { background: currentColor; }
.dot[data-presence="in-a-call"] { background: linear-gradient(currentColor, currentColor) center / 60% 2px no-repeat; }
.dot[data-presence="away"] { background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
.dot[data-presence="unreachable"] { border-style: dotted; opacity: .8; }
[aria-busy="true"] { cursor: progress; }
[aria-busy="true"] .icon { animation: ring .5s ease-in-out infinite alternate; }
@keyframes ring { from { rotate: -12deg; } to { rotate: 12deg; } }
.said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
${OFFER_LOOK}`);

const BUSY = new Set(["asking"]);

export class CallButton extends HTMLElement {
  static observedAttributes = ["person", "name", "video", "backend", "lang"];
  #root = null;
  #opening = null;
  #presence = "";
  #watched = null;
  #state = "idle";

  get person() {
    return this.getAttribute("person") ?? "";
  }

  get backend() {
    return (this.getAttribute("backend") || "/twocan").replace(/\/+$/, "");
  }

  /** "free", "in-a-call", "away", "unreachable", or "" while nobody knows. */
  get presence() {
    return this.#presence;
  }

  set presence(presence) {
    this.#presence = presence;
    this.#draw();
  }

  connectedCallback() {
    if (!this.#root) this.#build();
    this.#watched = watch(this.backend);
    this.#watched.join(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#watched?.leave(this);
    this.#rest();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || !this.#root || before === now) return;
    if (name === "backend" || name === "person") {
      this.#watched.leave(this);
      this.#presence = "";
      this.#watched = watch(this.backend);
      this.#watched.join(this);
    }
    this.#draw();
  }

  #build() {
    this.#root = shadow(this, LOOK);
    this.dot = part("span", { class: "dot", part: "presence" });
    this.label = part("span", { part: "label" });
    this.picture = part("span", { class: "picture", part: "icon" });
    this.button = part("button", { type: "button", part: "button" });
    this.button.append(this.picture, part("slot", {}, this.label), this.dot);
    this.said = part("span", { class: "said", role: "status" });
    this.#root.append(this.button, this.said);
    this.offer = new Offer(this.button, this.words, () => this.#rest());
    this.button.addEventListener("click", () => this.#call());
  }

  get words() {
    return Words.of(this);
  }

  #draw() {
    if (!this.#root || !this.isConnected) return;
    const words = this.words;
    const video = this.hasAttribute("video");
    const busy = BUSY.has(this.#state);
    const name = plain(this.getAttribute("name"));
    const called = words.say(video ? "callVideo" : "callName", { name }).trim();
    const presence = this.#presence && words.say(this.#presence);
    this.offer.words = words;
    this.button.dir = words.direction;
    this.button.lang = words.language;
    this.picture.replaceChildren(icon(video ? "camera" : "phone"));
    this.label.textContent = words.say(busy ? "asking" : "call");
    this.button.setAttribute("aria-label", [name ? called : words.say("call"), presence].filter(Boolean).join(", "));
    this.button.title = presence;
    this.button.setAttribute("aria-busy", String(busy));
    this.button.setAttribute("aria-disabled", String(busy));
    if (this.#presence) this.dot.dataset.presence = this.#presence;
    else delete this.dot.dataset.presence;
  }

  #call() {
    if (BUSY.has(this.#state)) return;
    this.offer.hide();
    this.#opening?.end();
    this.#opening = new Opening(
      () => askForLaunch(this.backend, this.#wish()),
      (state, launch) => this.#told(state, launch),
      (failure) => this.#failed(failure),
    );
    this.#enter("asking", this.words.say("asking"));
    this.#opening.start();
  }

  #wish() {
    const wish = { callee: this.person };
    if (this.hasAttribute("video")) wish.video = true;
    if (this.getAttribute("reason")) wish.reason = this.getAttribute("reason");
    return wish;
  }

  #told(state, launch) {
    const opening = this.#opening;
    const missing = opening.doubtful ? "doubtful" : "notOpened";
    const said = { opening: "opening", offered: missing, waiting: "waiting" }[state];
    this.#enter(state, said ? this.words.say(said) : "");
    if (state === "offered" || state === "waiting") this.offer.present(launch, this.words.say(said), opening);
    else this.offer.hide();
  }

  #failed(failure) {
    const text = this.words.say(failure.text ?? "failed", failure.values);
    this.#enter("failed", text);
    this.offer.complain(text);
  }

  #rest() {
    this.#opening?.end();
    this.#opening = null;
    this.offer?.hide();
    if (this.#state !== "idle") this.#enter("idle", "");
  }

  #enter(state, said) {
    this.#state = state;
    this.said.textContent = said;
    this.#draw();
    this.dispatchEvent(new CustomEvent("twocan-state", { bubbles: true, detail: { state } }));
  }
}

if (!customElements.get("twocan-call")) customElements.define("twocan-call", CallButton);

/** The rest is loaded by the first toast's place that a page has, now or later. */
function loadIncoming() {
  if (!document.querySelector("twocan-incoming")) return false;
  import("./incoming-call.js").catch(() => {});
  return true;
}

if (!loadIncoming()) {
  const looking = new MutationObserver(() => loadIncoming() && looking.disconnect());
  looking.observe(document.documentElement, { childList: true, subtree: true });
}

// For incoming-call.js, which shares what every page has loaded already.
export { ask, askForLaunch, icon, Offer, OFFER_LOOK, Opening, part, plain, shadow, sheet, webAddress, Words };
