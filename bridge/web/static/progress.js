/* Keeps the page of a plan true while the jobs work; without it, its link loads the page again. */
(() => {
  "use strict";
  if (location.hash === "#outcome") document.getElementById("outcome").focus();
  const place = document.querySelector("[data-state]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const said = place.querySelector(".doing");

  async function look() {
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
        said.textContent = `${state.place} / ${state.count}: ${state.doing}`;
      }
    } catch { /* the next look may answer */ }
    setTimeout(look, 1500);
  }
  setTimeout(look, 1000);
})();
