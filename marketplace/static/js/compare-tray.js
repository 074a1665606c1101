// Collects what is to be compared, on the device only; the compare page itself works by its address.
const STORE = "compare";
const read = () => {
  try { return JSON.parse(sessionStorage.getItem(STORE) ?? "[]"); } catch { return []; }
};
const write = (items) => {
  try { sessionStorage.setItem(STORE, JSON.stringify(items)); } catch { /* without a store the tray lasts one page */ }
};

export function start(tray) {
  const limit = Number(tray.dataset.limit);
  const list = tray.querySelector("ul");
  const full = tray.querySelector(".compare-full");
  const go = tray.querySelector("[data-compare-go]");
  let items = read();
  // ticked before this module had arrived
  for (const { checked, dataset: { compareKey: key, compareTitle: title } } of document.querySelectorAll("[data-compare-key]")) {
    if (checked && items.length < limit && !items.some((item) => item.key === key)) items.push({ key, title });
  }

  function show() {
    write(items);
    tray.hidden = items.length === 0;
    full.hidden = items.length < limit;
    list.replaceChildren(...items.map(({ key, title }) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = title;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${tray.dataset.textRemove}: ${title}`);
      remove.addEventListener("click", () => { items = items.filter((item) => item.key !== key); show(); });
      row.append(name, remove);
      return row;
    }));
    const address = new URL(tray.dataset.href, location.href);
    items.forEach(({ key }) => address.searchParams.append("key", key));
    go.href = address.pathname + address.search;
    for (const box of document.querySelectorAll("[data-compare-key]")) {
      box.checked = items.some((item) => item.key === box.dataset.compareKey);
      box.disabled = !box.checked && items.length >= limit;
    }
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-compare-key]");
    if (!box) return;
    const { compareKey: key, compareTitle: title } = box.dataset;
    items = items.filter((item) => item.key !== key);
    if (box.checked && items.length < limit) items.push({ key, title });
    show();
  });
  tray.querySelector("[data-compare-clear]").addEventListener("click", () => { items = []; show(); });
  document.addEventListener("htmx:load", show);
  show();
}
