/** What makes a person look who is elsewhere: the page's title, and, if the site wants, a sound. */

const BLINK = 1_500;
const SOUND_EVERY = 3_000;
const QUIET = 0.05;

/** A title that comes and goes, and gives back what was there. */
export class Title {
  #timer = 0;
  #ours = "";
  #before = "";

  show(text) {
    if (text === this.#ours) return;
    this.hide();
    this.#ours = text;
    if (!text) return;
    this.#blink();
    this.#timer = setInterval(() => this.#blink(), BLINK);
  }

  hide() {
    clearInterval(this.#timer);
    if (this.#ours && document.title === this.#ours) document.title = this.#before;
    this.#ours = "";
  }

  #blink() {
    if (document.title === this.#ours) document.title = this.#before;
    else {
      this.#before = document.title; // which the site may have changed meanwhile
      document.title = this.#ours;
    }
  }
}

/** Two soft notes, again and again. Browsers keep it silent until the page was clicked on once. */
export class Sound {
  #timer = 0;
  #context = null;

  play() {
    if (this.#timer) return;
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), SOUND_EVERY);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#context?.close();
    this.#context = null;
  }

  #ring() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") return;
    const at = this.#context.currentTime;
    for (const [index, tone] of [523, 659].entries()) this.#note(tone, at + index * 0.25);
  }

  #note(tone, at) {
    const loudness = new GainNode(this.#context, { gain: 0 });
    const note = new OscillatorNode(this.#context, { frequency: tone });
    note.connect(loudness).connect(this.#context.destination);
    loudness.gain.linearRampToValueAtTime(QUIET, at + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
    note.start(at);
    note.stop(at + 0.7);
  }
}
