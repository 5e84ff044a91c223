/**
 * The tabs of a site, of which one speaks with the supernode for all of them.
 *
 * Whoever holds a lock (Web Locks) leads; when its tab is closed, another one gets it. What the
 * others are told goes through a BroadcastChannel: to pages of this origin only. Where there are no
 * locks (a page without TLS), each tab leads itself.
 */

export class Tabs {
  #channel;
  #ended = new AbortController();

  /** `told(message)`: another tab said something; `lead()`: from now on it is this one. */
  constructor(name, told, lead) {
    this.leads = false;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event) => told(event.data);
    const begin = () => {
      this.leads = true;
      lead();
      return new Promise((resolve) => this.#ended.signal.addEventListener("abort", resolve));
    };
    if (navigator.locks) {
      navigator.locks.request(name, { signal: this.#ended.signal }, begin).catch(() => {});
    } else begin();
  }

  /** Tell the other tabs. */
  tell(message) {
    if (!this.#ended.signal.aborted) this.#channel.postMessage(message);
  }

  end() {
    this.#ended.abort();
    this.#channel.close();
  }
}
