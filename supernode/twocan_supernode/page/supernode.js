/**
 * The line to the supernode: XMPP over WebSocket (RFC 7395), by strophe.js.
 *
 * Signed in with a token that lives for minutes and is asked for anew each time. A line that breaks
 * is made again, after waits that grow. What was said meanwhile is asked of the archive.
 */

import { ask } from "./call-button.js";
import { WAITS_AT_MOST } from "./calls.js";
import { askingArchive, element } from "./initiation.js";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 120_000;
const STEADY = 60_000;
const CONNECTS_WITHIN = 20_000;
const ANSWERS_WITHIN = 10_000;
const CARBONS = "urn:xmpp:carbons:2";
const UNKNOWN = () => element("service-unavailable", {}, "urn:ietf:params:xml:ns:xmpp-stanzas");

/**
 * `heard(messages, account, again)`: each <message/> that came, and after every sign-in first those
 * of the archive in one list; `again`: whether there was a line before this one.
 */
export class Line {
  #connection = null;
  #failures = 0;
  #timer = 0;
  #watchdog = 0;
  #away = false;
  #ended = false;
  #since = 0;
  #late = null;
  #before = false;

  constructor(backend, heard) {
    Object.assign(this, { backend, heard });
    this.account = null;
    window.addEventListener("online", this.#now);
    this.#connect();
  }

  /** Send a stanza, if there is a line. */
  send(stanza) {
    if (this.#connection?.connected) this.#connection.send(stanza);
  }

  /** Whether nobody looks at any page of the site. */
  set away(away) {
    if (away === this.#away) return;
    this.#away = away;
    this.#present();
  }

  end() {
    this.#ended = true;
    window.removeEventListener("online", this.#now);
    clearTimeout(this.#timer);
    this.#drop();
  }

  #now = () => {
    if (!this.#connection) this.#again(0);
  };

  #again(wait) {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(() => this.#connect(), wait);
  }

  async #connect() {
    clearTimeout(this.#timer);
    try {
      const account = await ask(`${this.backend}/token`, {});
      const { Strophe } = await import("./strophe.js");
      if (this.#ended) return;
      this.#open(Strophe, account);
    } catch (failure) {
      this.#broken(failure.seconds);
    }
  }

  #open(Strophe, account) {
    const { address, token, websocket, names_key: key } = account;
    Strophe.setLogLevel(Strophe.LogLevel.FATAL); // a line that breaks is nothing to tell a console
    this.account = { address: String(address).split("/", 1)[0].toLowerCase(), key };
    const mechanisms = [Strophe.SASLPlain];
    const connection = new Strophe.Connection(webSocketAddress(websocket), { mechanisms });
    this.#connection = connection;
    this.#watchdog = setTimeout(() => this.#drop(), CONNECTS_WITHIN);
    const device = `page-${Math.random().toString(36).slice(2, 10)}`;
    connection.connect(`${this.account.address}/${device}`, token, (status) => {
      if (connection !== this.#connection) return;
      if (status === Strophe.Status.CONNECTED) this.#begin(connection);
      else if (status === Strophe.Status.DISCONNECTED) this.#drop();
      else if (status === Strophe.Status.AUTHFAIL) this.#drop();
      else if (status === Strophe.Status.CONNFAIL) this.#drop();
    });
  }

  #begin(connection) {
    clearTimeout(this.#watchdog);
    this.#since = Date.now();
    connection.pass = ""; // the next line has a token of its own
    connection.addHandler((message) => this.#take(message), null, "message");
    connection.addHandler((asked) => this.#answer(asked), null, "iq");
    const carbons = element("iq", { type: "set", id: "carbons" });
    carbons.append(element("enable", {}, CARBONS));
    connection.send(carbons);
    this.#present();
    this.#catchUp(connection);
  }

  /** What comes until the archive has told all waits: it may be the end of what the archive has. */
  #catchUp(connection) {
    const late = [];
    const told = () => {
      if (this.#late !== late) return;
      this.#late = null;
      this.heard(late, this.account, this.#before);
      this.#before = true;
    };
    this.#late = late;
    connection.sendIQ(askingArchive(Date.now() - WAITS_AT_MOST), told, told, ANSWERS_WITHIN);
  }

  #take(message) {
    if (this.#late) this.#late.push(message);
    else this.heard([message], this.account, this.#before);
    return true; // strophe.js forgets a handler that does not say so
  }

  /** RFC 6120 §8.2.3: every question is answered. The server's pings are, so that it lets us be. */
  #answer(asked) {
    const type = asked.getAttribute("type");
    if (type !== "get" && type !== "set") return true;
    const ping = type === "get" && asked.firstElementChild?.namespaceURI === "urn:xmpp:ping";
    const how = { id: asked.getAttribute("id") ?? "", type: ping ? "result" : "error" };
    if (asked.hasAttribute("from")) how.to = asked.getAttribute("from");
    const answer = element("iq", how);
    if (!ping) answer.appendChild(element("error", { type: "cancel" })).append(UNKNOWN());
    this.send(answer);
    return true;
  }

  #present() {
    const presence = element("presence");
    if (this.#away) presence.appendChild(element("show")).textContent = "away";
    this.send(presence);
  }

  #drop() {
    clearTimeout(this.#watchdog);
    const connection = this.#connection;
    this.#connection = null;
    this.#late = null;
    if (!connection) return;
    connection.disconnect("");
    if (this.#since && Date.now() - this.#since > STEADY) this.#failures = 0;
    this.#since = 0;
    this.#broken();
  }

  #broken(seconds = 0) {
    const wait = Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
    this.#failures += 1;
    this.#again(Math.max(wait * (0.7 + 0.6 * Math.random()), 1000 * seconds));
  }
}

/** Over TLS; only to this very machine without. */
function webSocketAddress(said) {
  const address = new URL(said);
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
  if (address.protocol === "wss:" || (address.protocol === "ws:" && here)) return address.href;
  throw new TypeError("the WebSocket's address is not wss:");
}
