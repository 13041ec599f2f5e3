// What was typed survives a time-out: every POST form keeps a draft on this computer, by person and
// address, until it was accepted, the person signs out, or a week has passed. Passwords, files and
// hidden fields are never kept.
const PREFIX = "carbonwatch:draft:";
const SENT = "carbonwatch:sent";
const WEEK = 7 * 24 * 3600 * 1000;

const kept = (field) =>
  field.name && !["hidden", "password", "file", "submit", "button", "image", "reset"].includes(field.type);

function read(form) {
  const values = {};
  Array.from(form.elements).filter(kept).forEach((field) => {
    values[field.name] = values[field.name] || [];
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values[field.name].push(field.value);
    } else if (field.multiple) {
      values[field.name].push(...Array.from(field.selectedOptions).map((option) => option.value));
    } else values[field.name].push(field.value);
  });
  return values;
}

function write(form, values) {
  const used = {};
  Array.from(form.elements).filter(kept).forEach((field) => {
    const saved = values[field.name];
    if (!saved) return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = saved.includes(field.value);
    else if (field.multiple) Array.from(field.options).forEach((option) => (option.selected = saved.includes(option.value)));
    else {
      used[field.name] = used[field.name] || 0;
      const value = saved[used[field.name]++];
      if (value !== undefined) field.value = value;
    }
  });
}

function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch (error) {
    return null;
  }
}

function forget(test) {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && test(key)).forEach((key) => localStorage.removeItem(key));
}

// The page that follows a sending tells how it went: an error page or the same form with mistakes
// keeps the draft, anything else means that it was taken.
function settle(body, forms) {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!key || !body.dataset.user) return; // led to the door: nothing was taken
  const again = forms.find((form) => form.key === key && form.element.hasAttribute("data-errors"));
  if (body.dataset.outcome !== "refused" && !again) localStorage.removeItem(key);
}

function offer(form, key) {
  const draft = load(key);
  if (!draft || form.hasAttribute("data-errors")) return;
  const fresh = read(form);
  const hasField = Object.keys(draft.values).some((name) => name in fresh);
  if (!hasField || JSON.stringify(draft.values) === JSON.stringify(fresh)) return;
  write(form, draft.values);
  const template = document.getElementById("draft-notice");
  if (!template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    write(form, fresh);
    notice.remove();
  });
  form.insertBefore(notice, form.firstChild);
}

export function keepDrafts(body) {
  const person = body.dataset.user;
  if (!person) {
    settle(body, []);
    return;
  }
  const forms = Array.from(document.querySelectorAll("form[method=post]"))
    .filter((element) => element.dataset.draft !== "off" && !element.querySelector("input[type=password]"))
    .map((element, index) => ({ element, key: `${PREFIX}${person}:${location.pathname}:${element.id || index}` }));
  settle(body, forms);
  forget((key) => {
    const draft = load(key);
    return !draft || Date.now() - draft.at > WEEK;
  });
  forms.forEach(({ element, key }) => {
    offer(element, key);
    const save = () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: read(element) }));
    element.addEventListener("input", save);
    element.addEventListener("change", save);
    element.addEventListener("submit", () => {
      save();
      sessionStorage.setItem(SENT, key);
    });
  });
  document.querySelectorAll("form[data-forget-drafts]").forEach((form) =>
    form.addEventListener("submit", () => {
      forget((key) => key.startsWith(`${PREFIX}${person}:`));
      if ("caches" in window) caches.delete("carbonwatch-record"); // pages kept for work without a network
    })
  );
}
