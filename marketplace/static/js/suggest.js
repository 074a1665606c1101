// Suggestions under a search box. The address in data-suggest-href answers a list of {text, href, note}; typing on never waits for it.
export function start(form) {
  const input = form.querySelector('input[type="search"]');
  const list = document.createElement("ul");
  const seen = new Map();
  let rows = [];
  let active = -1;
  let timer = 0;
  let asked = "";

  list.className = "combo-list";
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.getAttribute("aria-label") ?? "");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  form.classList.add("suggest");
  form.append(list);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const go = ({ text, href }) => {
    close();
    if (href) { location.assign(href); return; }
    input.value = text;
    form.requestSubmit();
  };
  const show = (found) => {
    rows = found.slice(0, 10);
    list.replaceChildren(...rows.map((row, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(row.text);
      if (row.note) {
        const note = document.createElement("small");
        note.textContent = row.note;
        item.append(note);
      }
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); go(row); });
      return item;
    }));
    if (!rows.length) { close(); return; }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const ask = async (words) => {
    asked = words;
    if (!seen.has(words)) {
      try {
        const address = new URL(form.dataset.suggestHref, location.href);
        address.searchParams.set("q", words);
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        seen.set(words, answer.ok ? await answer.json() : []);
      } catch {
        return; // without suggestions the box works as before
      }
    }
    if (asked === words && document.activeElement === input) show(seen.get(words));
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const words = input.value.trim();
    if (words.length < 2) { asked = ""; close(); return; }
    timer = setTimeout(() => ask(words), 150);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
      input.setAttribute("aria-activedescendant", list.children[active].id);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      go(rows[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}
