/** How the button, the offer and the toast look: the phone's own colours, and the site's wishes. */

const SHARED = `
:host {
  --_accent: var(--twocan-accent, light-dark(#14665a, #62c9b4));
  --_on-accent: var(--twocan-on-accent, light-dark(#ffffff, #08231e));
  --_surface: var(--twocan-surface, light-dark(#ffffff, #202226));
  --_text: var(--twocan-text, light-dark(#1d1e21, #f2f0ea));
  --_muted: var(--twocan-muted, light-dark(#5a5b60, #b0b2b9));
  --_line: var(--twocan-line, light-dark(#e2ded5, #32353b));
  --_raised: light-dark(#ebe8e1, #2c2f34);
  --_bad: light-dark(#b3261e, #ff8f86);
  --_accept: light-dark(#1b7a43, #3fbf76);
  --_on-accept: light-dark(#ffffff, #06210f);
  --_radius: var(--twocan-radius, 12px);
  --_size: var(--twocan-size, 44px);
  font: var(--twocan-font, 400 1rem/1.4 system-ui, sans-serif);
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
button, .press {
  font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
  display: inline-flex; align-items: center; justify-content: center; gap: .5em;
  min-block-size: max(24px, var(--_size)); min-inline-size: max(24px, var(--_size));
  padding: .25em 1em; border: 1px solid transparent; border-radius: var(--_radius);
  background: var(--_accent); color: var(--_on-accent);
}
button:hover, .press:hover { filter: brightness(1.08); }
button:active, .press:active { filter: brightness(.94); }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
.plain { background: var(--_raised); color: var(--_text); }
.plain:hover { filter: brightness(.97); }
.icon { inline-size: 1.25em; block-size: 1.25em; flex: none; fill: none; stroke: currentColor;
  stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.card {
  color: var(--_text); background: var(--_surface); border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) + 4px); padding: 1rem; text-align: start;
  box-shadow: 0 1px 3px #0003, 0 8px 28px #0002;
}
.card p { margin: 0; overflow-wrap: anywhere; }
.strong { font-weight: 600; }
.small { color: var(--_muted); font-size: .9em; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; }
@media (forced-colors: active) {
  button, .press, .card { border-color: ButtonBorder; box-shadow: none; }
  .dot { forced-color-adjust: none; }
}
@media (prefers-contrast: more) { button, .press, .card { border-color: currentColor; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;

function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

const shared = sheet(SHARED);

/** A shadow root with this look. Constructed sheets need no `unsafe-inline` in a site's CSP. */
export function shadow(host, look) {
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  root.adoptedStyleSheets = [shared, look];
  return root;
}

export { sheet };

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  phone:
    "M6.6 3.5 9 3l2 5-2.2 1.6a12 12 0 0 0 5.6 5.6L16 13l5 2-.5 2.4a3 3 0 0 1-3.2 2.4C10 19.2 4.8 14 4.2 6.7a3 3 0 0 1 2.4-3.2z",
  camera: "M3 7.5h11v9H3zM14 11l7-3.5v9L14 13",
  close: "M6 6l12 12M18 6 6 18",
  load: "M12 4v11M7 11l5 5 5-5M5 20h14",
};

/** A drawing that says nothing to a screen reader. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) {
    drawing.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

/** An element; text is only ever text. */
export function part(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
