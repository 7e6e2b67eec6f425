/* Shows when a session is in the reader's time zone, if it isn't the session's. */
(() => {
  "use strict";
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const inZone = (timeZone) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short", timeZone });
  for (const place of document.querySelectorAll(".own-time")) {
    const { starts, ends, zone } = place.dataset;
    const times = [new Date(starts), new Date(ends)];
    const own = inZone(mine).formatRange(...times);
    if (own === inZone(zone).formatRange(...times)) continue;
    place.append(` ${own} (${mine.replaceAll("_", " ")})`);
    place.hidden = false;
  }
})();
