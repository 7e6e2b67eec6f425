/* Shows what a search finds while someone types. Without it, use the button. */
(() => {
  "use strict";
  const WAIT = 250;
  const form = document.querySelector("form[role=search]");
  const found = document.getElementById("found");
  const count = document.getElementById("found-count");
  if (!form || !found) return;
  let timer, request;

  async function show() {
    request?.abort();
    request = new AbortController();
    const body = new FormData(form);
    body.set("live", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: request.signal });
      if (!answer.ok || answer.redirected) return;
      found.innerHTML = await answer.text();
      count.textContent = found.firstElementChild.dataset.count;
    } catch { /* a newer search, or no network: the button still works */ }
  }

  for (const name of ["input", "change"])
    form.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(show, WAIT);
    });
  form.addEventListener("submit", () => { clearTimeout(timer); request?.abort(); });
})();
