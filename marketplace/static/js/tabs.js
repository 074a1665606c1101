// Panels that stand one below the other become tabs with the usual arrow keys.
export function start(root) {
  const list = root.querySelector(".tabs-list");
  const links = [...list.querySelectorAll("a")];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  root.classList.add("is-live");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", root.dataset.label);
  const choose = (index, takesFocus) => {
    links.forEach((link, at) => {
      const isChosen = at === index;
      link.setAttribute("aria-selected", String(isChosen));
      link.tabIndex = isChosen ? 0 : -1;
      panels[at].hidden = !isChosen;
    });
    if (takesFocus) links[index].focus();
  };
  links.forEach((link, at) => {
    link.parentElement.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.id ||= `${panels[at].id}-tab`;
    link.setAttribute("aria-controls", panels[at].id);
    panels[at].setAttribute("role", "tabpanel");
    panels[at].setAttribute("aria-labelledby", link.id);
    panels[at].tabIndex = 0;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(at, false);
      history.replaceState(null, "", link.hash);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose((at + step + links.length) % links.length, true);
    });
  });
  choose(Math.max(0, links.findIndex((link) => link.hash === location.hash)), false);
}
