/* Keeps what is typed in a textarea[data-autosave] in this browser, per person, for two weeks at
   most. A draft goes when its form was sent and the next page is not the same form again, an error
   page or a sign-in page, when its writer wipes it, and when this person signs out. */

const AGE = 14 * 24 * 3600 * 1000;
const mine = `draft:${document.body.dataset.account}:`;
const SENT = "draft-sent";
const areas = [...document.querySelectorAll("textarea[data-autosave]")];
const nameOf = (area) => mine + area.dataset.autosave;

const guarded = (work) => {
  try {
    return work();
  } catch {
    return null; /* storage is full or forbidden: typing goes on without a draft */
  }
};

const forget = (matches) => guarded(() => {
  for (const name of Object.keys(localStorage)) if (matches(name)) localStorage.removeItem(name);
});

const isOld = (name) => {
  if (!name.startsWith("draft:")) return false;
  const draft = guarded(() => JSON.parse(localStorage.getItem(name)));
  return !draft || Date.now() - draft.at > AGE;
};

const finish = () => guarded(() => {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const refused =
    !sent?.startsWith(mine) ||
    document.querySelector("[data-error-page]") ||
    areas.some((area) => nameOf(area) === sent && area.value.trim());
  if (!refused) localStorage.removeItem(sent);
});

const noteOf = (area) =>
  [...document.querySelectorAll("[data-restored]")].find(
    (note) => note.dataset.restored === area.dataset.autosave,
  );

const restore = (area) => guarded(() => {
  const draft = JSON.parse(localStorage.getItem(nameOf(area)));
  if (!draft || area.value.trim()) return;
  area.value = draft.text;
  const note = noteOf(area);
  if (note) note.hidden = false;
});

const keep = (area) => guarded(() => {
  if (isLeaving) return;
  const text = area.value;
  if (!text.trim()) localStorage.removeItem(nameOf(area));
  else localStorage.setItem(nameOf(area), JSON.stringify({ at: Date.now(), text }));
});

let isLeaving = false; /* signing out: what was typed is not kept on the way */

forget(isOld);
finish();

for (const area of areas) {
  let timer = 0;
  restore(area);
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400, area);
  });
  addEventListener("pagehide", () => {
    if (timer && guarded(() => sessionStorage.getItem(SENT)) === null) keep(area);
  });
  area.form?.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(area);
    guarded(() => sessionStorage.setItem(SENT, nameOf(area)));
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-forget]");
  const area = button && areas.find((one) => one.dataset.autosave === button.dataset.forget);
  if (!area) return;
  area.value = "";
  keep(area);
  button.closest("[data-restored]").hidden = true;
  area.focus();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget-drafts]")) return;
  isLeaving = true;
  forget((name) => name.startsWith(mine));
});
