// A message of success leaves when it is clicked away; nothing disappears by itself.
export function start(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet button-icon";
  button.textContent = "×";
  button.setAttribute("aria-label", toast.dataset.textClose ?? "Close");
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}
