// Shows what was chosen, makes large photos smaller on the device, and takes files that are dropped.
const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1)} MB`);

async function shrink(file, longest) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 600 * 1024) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // a picture this browser cannot read goes as it is; the server judges it
  }
}

export function start(field) {
  const input = field.querySelector('input[type="file"]');
  const zone = field.querySelector(".file-drop");
  const list = field.querySelector(".file-list");
  const text = field.dataset;
  const limit = Number(text.maxMegabytes) * 1048576;

  function put(files) {
    const box = new DataTransfer();
    files.forEach((file) => box.items.add(file));
    input.files = box.files;
  }

  function row(file, original) {
    const item = document.createElement("li");
    const picture = document.createElement("img");
    picture.alt = "";
    if (file.type.startsWith("image/")) {
      const reader = new FileReader();
      reader.addEventListener("load", () => { picture.src = reader.result; });
      reader.readAsDataURL(file);
    }
    const words = document.createElement("span");
    const state = document.createElement("span");
    const isLarge = file.size > limit;
    state.className = "file-state";
    const fate = isLarge ? text.textLarge : file.size < original.size ? text.textShrunk : text.textReady;
    state.textContent = `${size(file.size)} · ${fate}`;
    words.append(file.name, document.createElement("br"), state);
    item.classList.toggle("is-refused", isLarge);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button-quiet button-small";
    remove.textContent = text.textRemove;
    remove.setAttribute("aria-label", `${text.textRemove}: ${file.name}`);
    remove.addEventListener("click", () => {
      put([...input.files].filter((other) => other !== file));
      item.remove();
      list.hidden = !list.children.length;
    });
    item.append(picture, words, remove);
    return item;
  }

  async function take(chosen) {
    const files = await Promise.all(chosen.map((file) => shrink(file, Number(text.shrinkTo))));
    const fit = files.filter((file) => file.size <= limit);
    put(fit);
    list.replaceChildren(...files.map((file, at) => row(file, chosen[at])));
    list.hidden = !files.length;
  }

  input.addEventListener("change", () => take([...input.files]));
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = [...event.dataTransfer.files];
    if (dropped.length) take(input.multiple ? [...input.files, ...dropped] : dropped.slice(0, 1));
  });
  input.form?.addEventListener("htmx:xhr:progress", (event) => {
    if (!event.detail.lengthComputable) return;
    let bar = list.querySelector("progress");
    if (!bar) {
      bar = document.createElement("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", text.textSending);
      list.lastElementChild?.append(bar);
    }
    bar.value = event.detail.loaded / event.detail.total;
  });
}
