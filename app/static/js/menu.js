/* Menus made of <details>: one open at a time; Escape or a click elsewhere closes it. */

const openMenus = () => document.querySelectorAll("details.menu[open]");

const closeAllBut = (kept) => {
  for (const menu of openMenus()) if (menu !== kept) menu.open = false;
};

document.addEventListener("click", (event) => closeAllBut(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});
