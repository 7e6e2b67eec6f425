// Inserts the Markdown of an image into the text, with the cursor where its description belongs.
(() => {
  "use strict";
  const area = document.querySelector("form.editor textarea");
  if (!area) return;
  for (const button of document.querySelectorAll("button[data-image]")) {
    button.hidden = area.readOnly;
    button.addEventListener("click", () => {
      const start = area.selectionStart;
      area.focus();
      area.setRangeText(`![](${button.dataset.image})`, start, area.selectionEnd, "end");
      area.setSelectionRange(start + 2, start + 2);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
