/**
 * What is said before a call (XEP-0353): message stanzas to plain objects, and back. Pure.
 *
 * Whatever is longer than it needs to be, or is not as the standards say, is nothing: null.
 */

const NS = {
  initiation: "urn:xmpp:jingle-message:0",
  rtp: "urn:xmpp:jingle:apps:rtp:1",
  card: "urn:twocan:card:0",
  carbons: "urn:xmpp:carbons:2",
  forward: "urn:xmpp:forward:0",
  delay: "urn:xmpp:delay",
  hints: "urn:xmpp:hints",
  jingle: "urn:xmpp:jingle:1",
  archive: "urn:xmpp:mam:2",
  pages: "http://jabber.org/protocol/rsm",
  form: "jabber:x:data",
};
const LONGEST_SID = 128;
const LONGEST_ADDRESS = 1024;
/** Messages of the archive that are asked for. A call leaves up to six. */
const MOST_KEPT = 50;
const VERBS = new Set(["propose", "retract", "proceed", "accept", "reject", "finish"]);

/** An address without the device. */
export const bare = (address) => address.split("/", 1)[0];

/**
 * What a <message/> says to `mine`, the own bare address:
 * {verb, sid, from, own, media, card, at, kept}. `own`: another device of this person said it, of a
 * call with somebody; `from`: the full address of who calls, or "" then; `at`: when it was said, in
 * ms since 1970, if that was before it came here; `kept`: whether it is of the archive.
 */
export function heard(message, mine) {
  const from = address(message, "from") || mine;
  const result = childOf(message, NS.archive, "result");
  if (result && from !== mine) return null; // only the own server has it
  if (result) return ofArchive(childOf(result, NS.forward, "forwarded"), mine);
  const carbon = childOf(message, NS.carbons, "sent") ?? childOf(message, NS.carbons, "received");
  if (!carbon) return said(message, from, bare(from) === mine);
  if (from !== mine) return null; // XEP-0280 §11: only the own server copies
  const inner = childOf(childOf(carbon, NS.forward, "forwarded"), null, "message");
  if (!inner) return null;
  const writer = address(inner, "from");
  if ((carbon.localName === "sent") !== (bare(writer) === mine)) return null;
  return said(inner, writer, carbon.localName === "sent");
}

function ofArchive(forwarded, mine) {
  const inner = childOf(forwarded, null, "message");
  const stamp = childOf(forwarded, NS.delay, "delay")?.getAttribute("stamp");
  if (!inner || !stamp) return null;
  const writer = address(inner, "from");
  const news = said(inner, writer, bare(writer) === mine);
  return news && { ...news, at: Date.parse(stamp) || 0, kept: true };
}

function said(message, from, own) {
  const word = [...message.children].find(
    (each) => each.namespaceURI === NS.initiation && VERBS.has(each.localName),
  );
  const sid = word?.getAttribute("id") ?? "";
  if (!from || !sid || sid.length > LONGEST_SID || !/^[\x21-\x7e]+$/.test(sid)) return null;
  if (message.getAttribute("type") === "error") return null;
  const media = [...word.children]
    .filter((each) => each.namespaceURI === NS.rtp && each.localName === "description")
    .map((each) => each.getAttribute("media"));
  const card = childOf(word, NS.card, "card")?.textContent.trim() ?? "";
  const delay = childOf(message, NS.delay, "delay")?.getAttribute("stamp");
  const at = delay ? Date.parse(delay) || 0 : null;
  return { verb: word.localName, sid, from: own ? "" : from, own, media, card, at, kept: false };
}

/** A new <message/> that says so: "ringing" or "reject". */
export function saying(verb, sid, to) {
  const message = element("message", { to, type: "chat", id: `${verb}-${Date.now()}` });
  const said = message.appendChild(element(verb, { id: sid }, NS.initiation));
  if (verb === "reject") {
    const why = said.appendChild(element("reason", {}, NS.jingle));
    why.append(element("decline", {}, NS.jingle));
  }
  message.append(element("store", {}, NS.hints));
  return message;
}

/** The <iq/> that asks for what the archive has (XEP-0313) `since` then, in ms since 1970. */
export function askingArchive(since) {
  const asked = element("iq", { type: "set", id: `archive-${Date.now()}` });
  const query = asked.appendChild(element("query", {}, NS.archive));
  const form = query.appendChild(element("x", { type: "submit" }, NS.form));
  const fields = { FORM_TYPE: NS.archive, start: new Date(since).toISOString() };
  for (const [name, value] of Object.entries(fields)) {
    const field = form.appendChild(element("field", { var: name }, NS.form));
    field.appendChild(element("value", {}, NS.form)).textContent = value;
  }
  const last = query.appendChild(element("set", {}, NS.pages));
  last.appendChild(element("max", {}, NS.pages)).textContent = MOST_KEPT;
  last.append(element("before", {}, NS.pages));
  return asked;
}

/** An element to send. strophe.js writes attributes, and no namespace that is not one of them. */
export function element(name, attributes = {}, namespace = "jabber:client") {
  const made = document.implementation.createDocument(namespace, name).documentElement;
  for (const [key, value] of Object.entries({ xmlns: namespace, ...attributes })) {
    made.setAttribute(key, value);
  }
  return made;
}

function childOf(parent, namespace, name) {
  const fits = (each) => each.localName === name && (!namespace || each.namespaceURI === namespace);
  return parent && [...parent.children].find(fits);
}

function address(message, name) {
  const said = message.getAttribute(name) ?? "";
  return said.length <= LONGEST_ADDRESS ? said : "";
}
