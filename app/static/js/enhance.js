/* Forms that stay on the page. A button with data-swap="id" sends its form, takes the element with
   that id out of the answer and puts it in the place of the old one. Everything else, and every
   failure, is the browser's own navigation. A form that is on its way is not sent twice. */

const swap = async (form, button) => {
  const id = button.dataset.swap;
  button.setAttribute("aria-busy", "true");
  const answer = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(form, button),
    headers: { Accept: "text/html", "X-Fragment": id },
    credentials: "same-origin",
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = answer.ok && page.getElementById(id);
  const old = document.getElementById(id);
  if (!fresh || !old) {
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(fresh));
  if (hadFocus) (fresh.matches("button, a") ? fresh : fresh.querySelector("button, a"))?.focus();
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (event.defaultPrevented || form.method !== "post" && button?.formMethod !== "post") return;
  if (button?.dataset.swap) {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    swap(form, button).catch(() => {
      button.removeAttribute("aria-busy");
      button.removeAttribute("data-swap");
      form.requestSubmit(button);
    });
  } else if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
  } else if (form.id !== "act") {
    form.setAttribute("aria-busy", "true");
  }
});

/* Back from the history the page is as it was left: free its forms. */
addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
});

/* After a refused form: start at the list of what is wrong. */
document.querySelector("[data-error-summary]")?.focus();
