// A filter that is ticked shows its results at once, without leaving the page. Without this script the form is sent as any form is.
const wide = window.matchMedia("(min-width: 60rem)");
let running = null;

document.documentElement.dataset.script ??= "yes";

function addressOf(form) {
  const address = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) if (value !== "") address.searchParams.append(name, value);
  return address;
}

function remembered() {
  const active = document.activeElement;
  const opened = [...document.querySelectorAll("form[data-finder] details")].map((each) => [each.querySelector("summary")?.textContent, each.open]);
  return { name: active?.name, value: active?.value, isBox: active?.type === "checkbox", opened: new Map(opened) };
}

function restore({ name, value, isBox, opened }) {
  for (const each of document.querySelectorAll("form[data-finder] details")) {
    const was = opened.get(each.querySelector("summary")?.textContent);
    if (was !== undefined) each.open = was;
  }
  if (!name) return;
  const same = [...document.querySelectorAll(`form[data-finder] [name="${CSS.escape(name)}"]`)];
  (isBox ? same.find((each) => each.value === value) : same.find((each) => each.type !== "hidden"))?.focus();
}

async function show(address, isNew) {
  running?.abort();
  running = new AbortController();
  const results = document.querySelector("[data-finder-results]");
  results.setAttribute("aria-busy", "true");
  let page;
  try {
    const answer = await fetch(address, { signal: running.signal });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (failure) {
    if (failure.name !== "AbortError") location.assign(address);
    return;
  }
  const fresh = page.querySelector("[data-finder-results]");
  const form = page.querySelector("form.finder-filters");
  if (!fresh || !form) {
    location.assign(address);
    return;
  }
  const memory = remembered();
  results.replaceWith(fresh);
  document.querySelector("form.finder-filters").replaceChildren(...form.childNodes);
  document.title = page.title;
  const heading = page.querySelector("h1");
  if (heading) document.querySelector("h1").textContent = heading.textContent;
  restore(memory);
  if (isNew) history.pushState({ finder: true }, "", address);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: fresh } }));
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-finder]");
  if (!form || (!wide.matches && form.classList.contains("finder-filters"))) return;
  show(addressOf(form), true);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-finder]") || !wide.matches) return;
  event.preventDefault();
  show(addressOf(form), true);
});
history.replaceState({ finder: true }, "");
window.addEventListener("popstate", (event) => {
  if (event.state?.finder) show(new URL(location.href), false);
});
