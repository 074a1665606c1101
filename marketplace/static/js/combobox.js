// A select with many options becomes a list box one can type into (WAI-ARIA combobox); the select stays and is what is sent.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function start(select) {
  if (!(select instanceof HTMLSelectElement) || select.multiple) return;
  const box = document.createElement("div");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const options = [...select.options];
  let shown = [];
  let active = -1;

  box.className = "combo";
  Object.assign(input, { type: "text", id: `${select.id}-search`, autocomplete: "off", placeholder: select.dataset.placeholder ?? "" });
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", `${select.id}-list`);
  if (select.required) input.setAttribute("aria-required", "true");
  Object.assign(list, { className: "combo-list", id: `${select.id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  if (label) {
    label.htmlFor = input.id;
    label.id ||= `${select.id}-label`;
    list.setAttribute("aria-labelledby", label.id);
  }
  select.before(box);
  box.append(input, list, select);
  select.hidden = true;

  const current = () => (select.value === "" ? "" : (select.selectedOptions[0]?.textContent.trim() ?? ""));
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    const row = list.children[index];
    if (row) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    }
  };
  const choose = (option) => {
    select.value = option.value;
    input.value = current();
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };
  const open = (words) => {
    const parts = fold(words).split(/\s+/).filter(Boolean);
    shown = options.filter((option) => option.value !== "" && parts.every((part) => fold(option.textContent).includes(part))).slice(0, 60);
    list.replaceChildren(...shown.map((option, at) => {
      const row = document.createElement("li");
      row.id = `${select.id}-option-${at}`;
      row.setAttribute("role", "option");
      row.textContent = option.textContent.trim();
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(option); });
      return row;
    }));
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "combo-none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = select.dataset.textNone;
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(shown.length && words ? 0 : -1);
  };

  input.value = current();
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => { input.select(); open(""); });
  input.addEventListener("blur", () => {
    if (input.value.trim() === "" && options.some((option) => option.value === "")) select.value = "";
    input.value = current();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return open("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) mark((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !list.hidden && shown[active]) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      input.value = current();
      close();
    }
  });
}
