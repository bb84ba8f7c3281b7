/* A part of the page that fills itself: data-poll="seconds" asks for the page again, puts the fresh
   part in the place of the old one and goes on as long as that asks for it. Parts named in
   data-poll-also come along. When the page leads elsewhere, so do we. Without script there is a link. */

const refresh = async (part) => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of [part.id, ...(part.dataset.pollAlso || "").split(" ")]) {
    const old = id && document.getElementById(id);
    const fresh = old && page.getElementById(id);
    if (fresh && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
  }
};

const watch = (id, tries) => {
  const part = document.getElementById(id);
  const seconds = Number(part?.dataset.poll);
  if (!seconds || tries > 200) return;
  setTimeout(() => {
    if (document.hidden) {
      watch(id, tries);
      return;
    }
    refresh(part).then(() => watch(id, tries + 1), () => watch(id, tries + 10));
  }, seconds * 1000);
};

for (const part of document.querySelectorAll("[data-poll][id]")) watch(part.id, 0);
