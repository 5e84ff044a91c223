/**
 * What a caller is called, as the site vouches for it: the card in a proposal.
 *
 * A JWT (RFC 7519), ES256 by the site's key, of type twocan-card+jwt; `sub` is the address that it
 * belongs to, so that nobody can show another's.
 */

const LONGEST = 4096;
const TYPE = "twocan-card+jwt";
const LEEWAY = 60;
const HOW = { name: "ECDSA", namedCurve: "P-256" };

/**
 * The name on a card, or "" if it is not one of this sender's that holds now. `key`: the site's
 * public JWK; `now`: seconds since 1970.
 */
export async function nameOnCard(card, key, sender, now) {
  try {
    if (!card || card.length > LONGEST) return "";
    const [head, body, signature, ...more] = card.split(".");
    const { alg, typ, crit } = json(head);
    if (more.length || alg !== "ES256" || typ !== TYPE || crit !== undefined) return "";
    const said = new TextEncoder().encode(`${head}.${body}`);
    if (!(await signed(key, bytes(signature), said))) return "";
    const { sub, exp, name } = json(body);
    const holds = sub === sender && Number.isFinite(exp) && exp + LEEWAY > now;
    return holds && typeof name === "string" ? name : "";
  } catch {
    return ""; // what cannot be read was written by nobody that we know
  }
}

async function signed({ kty, crv, x, y }, signature, said) {
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, HOW, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, said);
}

function bytes(text) {
  if (!/^[\w-]*$/.test(text)) throw new TypeError("not base64url");
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (each) => each.codePointAt(0));
}

function json(text) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(text)));
}
