/** What is said beside a button: that something failed, or where to get the phone. */

import { webAddress } from "./asking.js";
import { icon, part } from "./look.js";

const SYSTEMS = { windows: "Windows", macos: "macOS", linux: "Linux" };
const MEGABYTE = 1e6;

export const OFFER_LOOK = `
.offer { inline-size: min(22rem, calc(100vw - 1rem)); margin: 0; display: grid; gap: .75rem; }
.offer:popover-open { position: fixed; inset: auto; max-block-size: calc(100vh - 1rem); overflow: auto; }
.offer[popover]:not(:popover-open) { display: none; }
.offer .head { display: flex; align-items: start; gap: .5rem; }
.offer .head p { flex: 1; padding-block: .4em; }
.offer .close { margin: -.25rem; margin-inline-start: 0; padding: .25em; background: none; color: inherit; border-radius: 50%; }
.offer.bad { border-color: var(--_bad); }
.offer.within { inline-size: auto; grid-column: 1 / -1; border-width: 1px 0 0; border-radius: 0;
  padding: .75rem 0 0; box-shadow: none; background: none; }
`;

/** What a release calls the visitor's system ("linux-x86_64"), the likeliest first. */
export async function platforms(navigator = window.navigator) {
  const hints = navigator.userAgentData;
  if (hints?.platform) {
    const system = hints.platform.toLowerCase();
    if (!Object.hasOwn(SYSTEMS, system)) return [];
    const more = await hints.getHighEntropyValues(["architecture", "bitness"]).catch(() => ({}));
    return [`${system}-${more.architecture === "arm" ? "aarch64" : "x86_64"}`];
  }
  if (/Android|iPhone|iPad|CrOS/.test(navigator.userAgent)) return [];
  const said = navigator.platform ?? "";
  if (said.startsWith("Win")) return ["windows-x86_64"];
  // Safari says Intel on every Mac; a Mac of Apple's runs programs for Intel, not the other way.
  if (said.startsWith("Mac")) return ["macos-x86_64", "macos-aarch64"];
  if (!said.startsWith("Linux")) return [];
  return [/aarch64|armv8/.test(said) ? "linux-aarch64" : "linux-x86_64"];
}

/** The download for this system: {address, system, size in MB}; null: there is none. */
export async function downloadOf(launch) {
  for (const platform of await platforms()) {
    if (!Object.hasOwn(launch.downloads, platform)) continue;
    const { url, size } = launch.downloads[platform] ?? {};
    const address = url && webAddress(url);
    const megabytes = Math.max(1, Math.round(Number(size) / MEGABYTE)) || "?";
    if (address) return { address, system: SYSTEMS[platform.split("-")[0]], size: megabytes };
  }
  return null;
}

/**
 * A card that hangs below `anchor`, or is part of the card that the anchor stands in (`within`). It
 * takes no focus, and Escape closes it.
 */
export class Offer {
  #around = new AbortController();

  /** Its element goes right behind the anchor, or behind `within`, for the order of the focus. */
  constructor(anchor, words, closed, within = null) {
    Object.assign(this, { anchor, words, closed, floats: !within });
    this.element = part("div", { class: "card offer", part: "offer", role: "group", hidden: "" });
    this.element.classList.toggle("within", !this.floats);
    (within ?? anchor).after(this.element);
  }

  /** A line about what went wrong. */
  complain(text) {
    this.element.classList.add("bad");
    this.#show(text);
  }

  /** Where to get the phone that `opening` would open. */
  async present(launch, heading, opening) {
    const download = await downloadOf(launch);
    if (opening.over) return;
    const links = part("div", { class: "row" }, this.#link(launch, download, opening));
    const retry = part("button", { type: "button", class: "plain" }, this.words.say("again"));
    retry.addEventListener("click", () => opening.again());
    links.append(retry);
    const text = part("p", { class: "small" }, this.words.say("offer"));
    this.element.classList.remove("bad");
    this.#show(heading, text, links);
  }

  /** The visitor closes it. */
  close() {
    const held = this.element.matches(":focus-within");
    this.hide();
    if (held) this.anchor.focus();
    this.closed();
  }

  hide() {
    this.#around.abort();
    if (this.element.hidden) return;
    if (this.element.popover) this.element.hidePopover();
    this.element.hidden = true;
  }

  #link(launch, download, opening) {
    const href = download ? download.address : withoutFragment(launch.page);
    if (!href) return "";
    const text = download ? this.words.say("download", download) : this.words.say("other");
    const how = { class: "press", part: "download", href, rel: "noopener noreferrer" };
    const link = part("a", how, icon("load"), text);
    if (download) link.setAttribute("download", "");
    else link.target = "_blank";
    link.addEventListener("click", () => opening.wait());
    return link;
  }

  #show(heading, ...more) {
    const close = part("button", { type: "button", class: "close", "aria-label": this.words.say("close") });
    close.append(icon("close"));
    close.addEventListener("click", () => this.close());
    const head = part("div", { class: "head" }, part("p", { class: "strong" }, heading), close);
    this.element.dir = this.words.direction;
    this.element.lang = this.words.language;
    this.element.setAttribute("aria-label", heading);
    this.element.replaceChildren(head, ...more);
    this.#reveal();
  }

  #reveal() {
    if (!this.element.hidden) return;
    this.element.hidden = false;
    this.#around = new AbortController();
    const how = { signal: this.#around.signal, passive: true, capture: true };
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close(), how);
    // An older browser has no popovers: there it stands in the line of the text.
    if (!this.floats || !this.element.showPopover) return;
    this.element.popover = "manual";
    this.element.showPopover();
    const place = () => this.#place();
    window.addEventListener("scroll", place, how);
    window.addEventListener("resize", place, how);
    place();
  }

  #place() {
    const space = 8;
    const at = this.anchor.getBoundingClientRect();
    const own = this.element.getBoundingClientRect();
    const start = this.words.direction === "rtl" ? at.right - own.width : at.left;
    const right = document.documentElement.clientWidth - own.width - space;
    const fits = at.bottom + space + own.height <= window.innerHeight || at.top < own.height + space;
    const top = fits ? at.bottom + space : at.top - space - own.height;
    this.element.style.left = `${Math.max(space, Math.min(start, right))}px`;
    const lowest = window.innerHeight - own.height - space;
    this.element.style.top = `${Math.max(space, Math.min(top, lowest))}px`;
  }
}

/** The page without the code: a link of a page is seen by every script of it. */
function withoutFragment(page) {
  return page && page.split("#")[0];
}
