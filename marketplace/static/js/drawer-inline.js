// Facets stand beside the list on a wide screen and move into a drawer on a narrow one.
export function start(panel) {
  const narrow = window.matchMedia("(max-width: 59.99rem)");
  const home = document.createComment("drawer");
  panel.before(home);
  const id = panel.id;
  const dialog = document.createElement("dialog");
  dialog.className = "drawer";
  dialog.setAttribute("aria-label", panel.dataset.title);
  document.body.append(dialog);
  const place = () => {
    if (dialog.open) dialog.close();
    panel.id = narrow.matches ? `${id}-panel` : id;
    dialog.id = narrow.matches ? id : `${id}-drawer`;
    if (narrow.matches) dialog.append(panel);
    else home.after(panel);
    panel.classList.toggle("is-in-drawer", narrow.matches);
  };
  narrow.addEventListener("change", place);
  place();
}
