// Makes the launch link of the code in this page's address, and takes the code out of there.
//
// The code comes in the fragment (#CODE), which browsers send to nobody. It is kept in the link
// alone: not in the history, not in the browser's storage.

const CODE = /^[A-Za-z0-9_-]{43}$/;
const GOOD_FOR = 120_000; // milliseconds from when it was issued, so at the most from now

const ready = document.getElementById("ready");
const opening = document.getElementById("open");
let ending;

function show(name) {
  for (const one of ["ready", "none", "over"]) {
    document.getElementById(one).hidden = one !== name;
  }
}

function end() {
  opening.removeAttribute("href");
  show("over");
}

function begin() {
  const code = location.hash.slice(1);
  if (!code && !ready.hidden) return; // it was taken out of the address: here it still is
  history.replaceState(null, "", location.pathname + location.search);
  clearTimeout(ending);
  if (!CODE.test(code)) {
    opening.removeAttribute("href");
    show("none");
    return;
  }
  const redeem = new URL("v1/launches/redeem", location.href).href;
  opening.href = `twocan:launch?redeem=${encodeURIComponent(redeem)}&code=${code}`;
  show("ready");
  ending = setTimeout(end, GOOD_FOR);
}

begin();
addEventListener("hashchange", begin);
