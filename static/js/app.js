// Drafts, idle time-out, confirmation, double-submit lock, file fields. Pages work without it.
import { watchIdle } from "./idle.js";
import { keepDrafts } from "./drafts.js";

function ask(text) {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog || !dialog.showModal) return Promise.resolve(window.confirm(text));
  dialog.querySelector("#confirm-text").textContent = text;
  dialog.showModal();
  return new Promise((resolve) => {
    const done = (event) => {
      const button = event.target.closest("button");
      if (event.type === "click" && !button) return;
      dialog.removeEventListener("click", done);
      dialog.removeEventListener("cancel", done);
      dialog.close();
      resolve(Boolean(button) && button.value === "yes");
    };
    dialog.addEventListener("click", done);
    dialog.addEventListener("cancel", done);
  });
}

// A button with data-confirm asks first; the form is then sent by the same button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  event.preventDefault();
  if (await ask(button.dataset.confirm)) {
    button.dataset.confirmed = "yes";
    button.click();
    delete button.dataset.confirmed;
  }
});

// One click, one request: the server has its own key for the rest.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("data-no-lock") || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit], button:not([type])").forEach((b) => b.setAttribute("aria-busy", "true"));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
  });
});

function size(bytes) {
  return bytes > 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

// File fields get a place to drop files on and a list of what was chosen.
document.querySelectorAll("input[type=file]").forEach((input) => {
  const place = document.createElement("div");
  place.className = "file-drop";
  input.parentNode.insertBefore(place, input);
  const names = document.createElement("ul");
  names.className = "file-names";
  names.setAttribute("aria-live", "polite");
  place.append(input, names);
  const limit = Number(input.dataset.maxMb || 0) * 1048576;
  input.addEventListener("change", () => {
    names.replaceChildren(
      ...Array.from(input.files).map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name}（${size(file.size)}）`;
        if (limit && file.size > limit) line.className = "too-big";
        return line;
      })
    );
  });
  ["dragenter", "dragover"].forEach((kind) =>
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.add("over");
    })
  );
  ["dragleave", "drop"].forEach((kind) => place.addEventListener(kind, () => place.classList.remove("over")));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

document.querySelectorAll("select[data-autosubmit]").forEach((select) => {
  select.addEventListener("change", () => select.form.submit());
});

// Filters stand open where there is room; phones open them by hand.
if (window.matchMedia("(min-width: 768px)").matches) {
  document.querySelectorAll("details.filter").forEach((details) => details.setAttribute("open", ""));
}

// The first mistake of a form is where the person goes on.
const wrong = document.querySelector("form[data-errors] [aria-invalid=true]");
if (wrong) wrong.focus();

keepDrafts(document.body);
watchIdle(document.body);
