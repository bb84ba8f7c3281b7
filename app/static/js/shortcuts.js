/* Keys: / to the search box, j and k through what can be stepped to, ? shows the list. One switch
   turns them all off (WCAG 2.1.4); the button in the footer then still opens the list. */

const OFF = "shortcuts-off";
const template = document.getElementById("shortcuts");
const opener = document.querySelector("[data-shortcuts]");
let dialog = null;

const isOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

const build = () => {
  const made = template.content.firstElementChild.cloneNode(true);
  const box = made.querySelector("[data-shortcuts-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      box.checked = true; /* storage is forbidden: the switch cannot hold */
    }
  });
  document.body.append(made);
  return made;
};

const show = () => {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
};

const step = (by) => {
  const stops = [...document.querySelectorAll("[data-step]")].filter((stop) => stop.checkVisibility());
  const here = stops.findIndex((stop) => stop === document.activeElement);
  const from = here < 0 && by < 0 ? stops.length : here;
  const next = stops[from + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
};

const search = () => {
  const box = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
  if (box) box.focus();
  else document.querySelector(".site-search")?.click();
};

const KEYS = { "/": search, "?": show, j: () => step(1), k: () => step(-1) };

if (template && opener) {
  opener.hidden = false;
  opener.addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    event.preventDefault();
    act();
  });
}
