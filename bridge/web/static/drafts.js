/* Saves a form as a draft while you type. Without it, use the button. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const PAUSE = 3000;
  let timer = 0;
  let stopped = false;
  let saving = null;
  let submitted = false;

  async function save() {
    const body = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
    for (const input of form.querySelectorAll("[name^=remove-]")) body.delete(input.name);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "error" });
      if (answer.ok) {
        form.elements.version.value = await answer.text();
        status.textContent = status.dataset.saved;
      } else if (answer.status === 422 && answer.headers.get("Content-Type").startsWith("text/plain")) {
        status.textContent = await answer.text();  // what to correct; the next change is saved
      } else if (answer.status < 500) {
        stopped = true;
        status.textContent = answer.status === 409 ? status.dataset.conflict : status.dataset.ended;
      }
    } catch { /* the next change tries again */ }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    submitted = false;
    if (!stopped) timer = setTimeout(() => { saving = save().finally(() => { saving = null; }); }, PAUSE);
  });
  // A second click sends nothing, and a draft that is being saved is waited for.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    if (submitted || saving) event.preventDefault();
    if (saving && !submitted) {
      const button = event.submitter;
      saving.then(() => { submitted = false; form.requestSubmit(button); });
    }
    submitted = true;
  });
  addEventListener("pageshow", () => { submitted = false; });
})();
