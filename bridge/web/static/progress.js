/* Updates the progress of a plan. Without it, use the “Reload” link. */
(() => {
  "use strict";
  if (location.hash === "#outcome") document.getElementById("outcome").focus();
  const place = document.querySelector("[data-state]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const status = place.querySelector(".doing");

  async function poll() {
    try {
      const answer = await fetch(place.dataset.state, { headers: { Accept: "application/json" } });
      if (answer.redirected) return;
      const state = await answer.json();
      if (state.working === false) {
        location.hash = "outcome";
        location.reload();
        return;
      }
      if (state.count) {
        bar.max = state.count;
        bar.value = state.place;
        status.textContent = `${state.place} / ${state.count}: ${state.doing}`;
      }
    } catch { /* try again next time */ }
    setTimeout(poll, 1500);
  }
  setTimeout(poll, 1000);
})();
