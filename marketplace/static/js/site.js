// The small things every page has; bigger ones are fetched only where an element asks for them by data-module.
const sources = document.getElementById("site-script")?.dataset ?? {};
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const taken = new WeakSet();

async function enhance(root) {
  for (const element of root.querySelectorAll("[data-needs-script]")) element.hidden = false;
  const wanted = new Map();
  const found = [...root.querySelectorAll("[data-module], textarea[data-draft]")];
  if (root instanceof Element && root.matches("[data-module]")) found.push(root);
  for (const element of found) {
    const name = element.dataset.module ?? "draft";
    if (taken.has(element) || !sources[camel(name)]) continue;
    taken.add(element);
    wanted.set(name, [...(wanted.get(name) ?? []), element]);
  }
  const coming = [...wanted].map(([name, elements]) => [import(sources[camel(name)]), elements]);
  for (const [module, elements] of coming) {
    const { start } = await module;
    for (const element of elements) {
      start(element);
      element.dataset.enhanced = "yes"; // it works now, and is not merely on its way
    }
  }
}

function themes() {
  const button = document.querySelector("[data-theme-toggle]");
  if (!button) return;
  const order = ["auto", "light", "dark"];
  const root = document.documentElement;
  const show = () => {
    const now = root.dataset.theme ?? "auto";
    const text = button.dataset[camel(`text-${now}`)];
    button.setAttribute("aria-label", text);
    button.title = text;
    for (const icon of button.querySelectorAll("[data-theme-icon]")) icon.hidden = icon.dataset.themeIcon !== now;
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % 3];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${next}; Path=/; SameSite=Lax; Max-Age=${next === "auto" ? 0 : 31536000}${secure}`;
    show();
  });
  show();
}

function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-closes]");
    const around = (closer ?? event.target).closest?.("dialog[open]");
    if (around && (closer || event.target === around)) {
      event.preventDefault();
      around.close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches('a[role="button"]')) {
      event.preventDefault();
      event.target.click();
    }
  });
}

// A second click on a button that already works does nothing; the server would refuse it, too.
function submits() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent && form.getAttribute("method")?.toLowerCase() === "post") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

// Where a row of places is wider than the screen, the one we are at is in sight.
function places() {
  for (const row of document.querySelectorAll(".work-nav ul, .page-tabs ul")) {
    const here = row.querySelector("[aria-current]");
    if (here && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }
}

themes();
places();
menus();
dialogs();
submits();
document.querySelector("[data-takes-focus]")?.focus();
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
document.addEventListener("htmx:afterRequest", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
