/**
 * Questions to the site's own backend, which knows by its own login who the visitor is.
 *
 * Only the backend has a site key. What it answers holds a one-time code or a short-lived token:
 * both stay in variables, and are neither written into the page nor kept.
 */

const WITHIN = 10_000;
const LONGEST_LINK = 2048;
const LONGEST_WAIT = 3600;

/** Something to tell the visitor: `text` is one of the names in words.js. */
export class Failure extends Error {
  constructor(text, values = {}, status = 0) {
    super(text);
    this.text = text;
    this.values = values;
    this.status = status;
  }

  /** Seconds after which it is worth another try, if the backend said so. */
  get seconds() {
    return this.values.seconds;
  }
}

/** The JSON that the backend answers. `body`: what to POST, or nothing for a GET. */
export async function ask(address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(WITHIN),
    });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw new Failure(error.name === "TimeoutError" ? "late" : "network");
  }
  throw refusal(answer);
}

function refusal({ status, headers }) {
  if (status === 401) return new Failure("signIn", {}, status);
  if (status === 404) return new Failure("unknown", {}, status);
  const after = Math.ceil(Number(headers.get("Retry-After")));
  if (after > 0) return new Failure("wait", { seconds: Math.min(after, LONGEST_WAIT) }, status);
  return new Failure(status === 502 || status === 504 ? "network" : "failed", {}, status);
}

/** What POST {backend}/launch answers, held to what we need of it: {link, page, downloads}. */
export async function askForLaunch(backend, wish) {
  const said = await ask(`${backend}/launch`, wish);
  const link = String(said?.link);
  if (!link.startsWith("twocan:launch?") || link.length > LONGEST_LINK) throw new Failure("failed");
  return { link, page: webAddress(said.page), downloads: said.downloads ?? {} };
}

/** The address if it leads to a page or a file of the web, else null. */
export function webAddress(text) {
  try {
    const address = new URL(text, document.baseURI);
    return ["https:", "http:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}
