// Warns before the session ends, keeps it alive while the person works, tells when it has ended.
// Several windows share one clock through localStorage.
const KEY = "carbonwatch:touched";
const PING_EVERY = 2 * 60 * 1000;

function csrf() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

export function watchIdle(body) {
  const minutes = Number(body.dataset.idleMinutes || 0);
  const warning = document.getElementById("idle-dialog");
  const ended = document.getElementById("ended-dialog");
  if (!minutes || !warning || !ended) return;
  const limit = minutes * 60000;
  const warnAt = limit - Number(body.dataset.idleWarning || 5) * 60000;
  const left = warning.querySelector("[data-idle-left]");
  let pinged = Date.now();

  const touched = () => Number(localStorage.getItem(KEY) || 0);
  const touch = () => localStorage.setItem(KEY, String(Date.now()));

  async function ping() {
    pinged = Date.now();
    try {
      const answer = await fetch(body.dataset.touch, { method: "POST", headers: { "X-CSRFToken": csrf() } });
      if (answer.ok) touch();
      else if (answer.status === 401) finish();
    } catch (error) {
      // No network: the clock goes on, the next sign of life tries again.
    }
  }

  function finish() {
    if (warning.open) warning.close();
    if (!ended.open) ended.showModal();
  }

  function look() {
    const idle = Date.now() - touched();
    if (idle >= limit) finish();
    else if (idle >= warnAt) {
      const seconds = Math.ceil((limit - idle) / 1000);
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (!warning.open) warning.showModal();
    } else if (warning.open) warning.close();
  }

  warning.querySelector("[data-idle-stay]").addEventListener("click", ping);
  ["input", "change", "keydown"].forEach((kind) =>
    document.addEventListener(kind, () => {
      if (!warning.open && !ended.open && Date.now() - pinged > PING_EVERY) ping();
    })
  );
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const polled = event.detail.requestConfig && event.detail.requestConfig.headers["X-Poll"];
    if (!polled && event.detail.successful) touch();
  });
  touch();
  setInterval(look, 1000);
}
