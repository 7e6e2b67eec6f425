/* Keeps what was typed when the language changes, and gives a posted page an address for Back. */
(() => {
  "use strict";
  const KEY = "fields";
  const NOT_TYPED = ["hidden", "file", "password", "submit", "button"];
  const posted = document.body.dataset.posted;
  const here = posted || location.pathname + location.search;

  // Otherwise, Back asks to post the form again.
  if (posted) history.replaceState(null, "", posted);

  const fields = () =>
    [...document.querySelectorAll("main :is(input, select, textarea)[name]")]
      .filter((field) => !NOT_TYPED.includes(field.type) && !field.readOnly);
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  // The fields with one name are told apart by their order.
  const named = () => {
    const counts = {};
    return fields().map((field) => {
      counts[field.name] = (counts[field.name] || 0) + 1;
      return [`${field.name} ${counts[field.name]}`, field];
    });
  };

  for (const link of document.querySelectorAll("[data-language]"))
    link.addEventListener("click", () => {
      const values = named().map(([name, field]) => [name, isTicked(field) ? field.checked : field.value]);
      try {
        sessionStorage.setItem(KEY, JSON.stringify({ here, values }));
      } catch { /* no place: the page opens without them */ }
    });

  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  if (!kept || kept.here !== here) return;
  const values = new Map(kept.values);
  for (const [name, field] of named()) {
    const value = values.get(name);
    if (value === undefined || value === (isTicked(field) ? field.checked : field.value)) continue;
    if (isTicked(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
