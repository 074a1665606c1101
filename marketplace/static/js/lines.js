// Adds lines to a request and takes them away without a round trip; without scripts the same buttons send the form.
export function start(box) {
  const list = box.querySelector("[data-lines]");
  const blank = box.querySelector("[data-line-blank]");
  const add = box.querySelector("[data-line-add]");
  const most = Number(box.dataset.linesMost);

  function number() {
    const lines = [...list.querySelectorAll("[data-line]")];
    lines.forEach((line, place) => {
      line.querySelector("[data-line-legend]").textContent = box.dataset.textLine.replace("{number}", place + 2);
    });
    if (add) add.hidden = lines.length >= most;
  }

  // names must not be given twice; gaps between them do no harm
  function next() {
    const taken = [...list.querySelectorAll("[name^='more-']")].map((field) => Number(field.name.split("-")[1]));
    return Math.max(-1, ...taken.filter(Number.isInteger)) + 1;
  }

  box.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-line-add], [data-line-drop]");
    if (!pressed) return;
    event.preventDefault();
    if (pressed === add) {
      const shell = document.createElement("div");
      shell.innerHTML = blank.innerHTML.replaceAll("__n__", String(next()));
      const line = shell.firstElementChild;
      list.append(line);
      line.querySelector("select, input").focus();
    } else {
      pressed.closest("[data-line]").remove();
      if (add) add.focus();
    }
    number();
  });
}
