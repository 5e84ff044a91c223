// The little that the page does besides the button: the choice of the camera, and the list of what
// the site was told.

const call = document.getElementById("call");
const video = document.getElementById("video");
const told = document.getElementById("told");

const WORDS = {
  "call.started": ([caller, callee]) => `${caller} calls ${callee}`,
  "call.answered": ([caller, callee]) => `${callee} answered ${caller}`,
  "call.missed": ([caller, callee]) => `${callee} missed ${caller}`,
  "call.ended": ([one, other]) => `The call of ${one} and ${other} ended`,
};

function row(event) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = event.at;
  time.textContent = new Date(event.at).toLocaleTimeString();
  const words = document.createElement("span");
  words.textContent = (WORDS[event.type] ?? (() => ""))(event.people);
  const type = document.createElement("code");
  type.textContent = event.reason ? `${event.type}, ${event.reason}` : event.type;
  line.append(time, words, type);
  return line;
}

// As the browser kept it over a reload.
const choose = () => call.toggleAttribute("video", video.checked);
video.addEventListener("change", choose);
choose();

new EventSource(told.dataset.from).addEventListener("message", ({ data }) => {
  const events = JSON.parse(data);
  document.getElementById("nothing").hidden = events.length > 0;
  told.replaceChildren(...events.reverse().map(row));
});
