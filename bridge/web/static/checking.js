/* Looks whether Moodle has answered, and shows the page anew then; without it, a link does. */
(() => {
  "use strict";
  const EVERY = 2500;
  const waiting = (page) => page.querySelector("[data-reload]");
  if (!waiting(document)) return;

  async function look() {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && !waiting(page)) {
        location.reload();
        return;
      }
    } catch { /* the next look may answer */ }
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY);
})();
