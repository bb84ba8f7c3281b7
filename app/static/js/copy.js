/* Buttons that copy: data-copy holds what, data-done the word to show for a moment. With data-link
   it is an address, made absolute first. */

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const text = button.querySelector("[data-copy-text]");
  const before = text.textContent;
  text.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copy, link } = button.dataset;
    await navigator.clipboard.writeText(link === undefined ? copy : new URL(copy, location).href);
    text.textContent = button.dataset.done;
    setTimeout(() => { text.textContent = before; }, 2000);
  });
}
