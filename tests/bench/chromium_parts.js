// What the pages of measured calls share: waiting for a connection, and a recorder of sound.

const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

// Hands over what each of its inputs brings, a hundred blocks of 128 samples at a time.
const RECORDER = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  constructor() { super(); this.kept = [[], []]; this.port.onmessage = () => this.tell(); }
  process(inputs) {
    this.first ??= currentTime;
    inputs.forEach((input, i) => this.kept[i].push(input[0] ? input[0].slice() : new Float32Array(128)));
    if (this.kept[0].length === 100) this.tell();
    return true;
  }
  tell() { this.port.postMessage({ blocks: this.kept, first: this.first }); this.kept = [[], []]; }
});`;

const recorded = [[], []];
let context, recorder, firstRecorded;

const microphone = () => navigator.mediaDevices.getUserMedia({ audio: SOUND });

const gathered = end => new Promise(done => {
  const look = () => end.iceGatheringState === "complete" && done(end.localDescription.sdp);
  end.addEventListener("icegatheringstatechange", look);
  look();
});

const connected = end => new Promise((done, fail) => {
  const look = () => {
    if (end.connectionState === "connected") done();
    if (end.connectionState === "failed") fail(new Error("no path was found"));
  };
  end.addEventListener("connectionstatechange", look);
  look();
});

// A recorder of two streams: of the microphone, once one is joined to it, and of the far side.
async function record() {
  context = new AudioContext({ sampleRate: 48000 });
  await context.audioWorklet.addModule(`data:text/javascript,${encodeURIComponent(RECORDER)}`);
  recorder = new AudioWorkletNode(context, "recorder", { numberOfInputs: 2, channelCount: 1, channelCountMode: "explicit" });
  recorder.port.onmessage = ({ data }) => {
    data.blocks.forEach((blocks, i) => recorded[i].push(...blocks));
    firstRecorded = data.first;
  };
  recorder.connect(context.destination);
}

const hear = (stream, input) => context.createMediaStreamSource(stream).connect(recorder, 0, input);

// A stream of the far side flows only where an element plays it.
async function play(stream) {
  const player = new Audio();
  player.muted = true;
  player.srcObject = stream;
  await player.play();
}

async function recordings() {
  const told = new Promise(done => recorder.port.addEventListener("message", done, { once: true }));
  recorder.port.postMessage("tell");
  await told;
  return recorded.map(asBase64);
}

function asBase64(blocks) {
  const samples = Int16Array.from(blocks.flatMap(block => Array.from(block, v => Math.max(-32768, Math.min(32767, Math.round(v * 32768))))));
  return octetsAsBase64(new Uint8Array(samples.buffer));
}

function octetsAsBase64(octets) {
  let text = "";
  for (let i = 0; i < octets.length; i += 0x8000) text += String.fromCharCode(...octets.subarray(i, i + 0x8000));
  return btoa(text);
}
