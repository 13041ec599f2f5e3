// Saves each answer while it is typed. One request at a time for a question; what fails stays in the
// page (and in the draft that drafts.js keeps on this computer) and is tried again.
const PAUSE = 900;
const RETRY = 10000;
const form = document.querySelector("form[data-self-fill]");

function content(block) {
  const values = new URLSearchParams();
  block.querySelectorAll("[data-field]").forEach((field) => {
    const on = field.type !== "checkbox" || field.checked;
    values.append(field.dataset.field, on ? field.value : "");
  });
  return values;
}

function tell(block, text) {
  block.querySelector("[data-told]").textContent = text;
}

async function save(block) {
  if (block.busy) {
    block.again = true;
    return;
  }
  block.busy = true;
  const values = content(block);
  values.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const answer = await fetch(block.dataset.save, { method: "POST", body: values, keepalive: true });
    const told = await answer.json();
    if (answer.ok) {
      block.querySelector("[data-field=base]").value = told.revision;
      block.querySelector("[data-field=problem]").checked = told.content.problem;
      tell(block, told.saved);
    } else if (answer.status === 409 && told.revision) {
      // Both are shown; the next word typed here is a decision for this window's text.
      block.querySelector("[data-field=base]").value = told.revision;
      const words = [told.content.value, told.content.note, told.content.correction, told.content.evidence];
      tell(block, `${form.dataset.moved}${words.filter(Boolean).join("；")}（${told.by}）`);
    } else tell(block, told.detail);
  } catch (error) {
    tell(block, form.dataset.offline);
    setTimeout(() => save(block), RETRY);
  }
  block.busy = false;
  if (block.again) {
    block.again = false;
    save(block);
  }
}

if (form) {
  form.querySelectorAll("fieldset[data-save]").forEach((block) => {
    let timer = 0;
    block.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(block), PAUSE);
    });
  });
}
