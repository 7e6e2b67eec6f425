/* Saves a form as a draft while you type. Without it, use the button. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const PAUSE = 3000;
  let timer = 0;
  let stopped = false;

  async function save() {
    const body = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
    for (const input of form.querySelectorAll("[name^=remove-]")) body.delete(input.name);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "error" });
      if (answer.status === 409) {
        stopped = true;
        status.textContent = status.dataset.conflict;
      } else if (answer.ok) {
        form.elements.version.value = await answer.text();
        status.textContent = status.dataset.saved;
      }
    } catch { /* the next change tries again */ }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; });
})();
