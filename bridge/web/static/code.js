/* Shows the next code once the present one has changed. */
(() => {
  "use strict";
  const code = document.querySelector(".code");
  if (code) setTimeout(() => location.reload(), 1000 * Number(code.dataset.seconds));
})();
