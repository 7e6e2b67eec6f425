/* Checks and completes text in the editor while you type. Without it, use the buttons. */
(() => {
  "use strict";
  const form = document.querySelector("form.editor");
  if (!form) return;
  const area = form.querySelector("textarea");
  const editor = form.querySelector(".text-editor");
  const gutter = form.querySelector(".gutter");
  const summary = document.getElementById("check-summary");
  const list = document.getElementById("problems");
  const splitWords = (text) => text.split(" ").filter(Boolean);
  const words = new Map([...document.querySelectorAll("#words option")].map(({ value, dataset }) => [
    value, { about: dataset.about, options: splitWords(dataset.options), names: splitWords(dataset.names) },
  ]));
  const lineHeight = () => parseFloat(getComputedStyle(area).lineHeight);
  let marks = new Map();
  let lastRequest = 0;
  let timer = 0;
  let changed = false;

  function number() {
    const lines = area.value.split("\n").length;
    area.rows = lines;
    while (gutter.children.length > lines) gutter.lastChild.remove();
    while (gutter.children.length < lines) {
      const span = document.createElement("span");
      span.id = `L${gutter.children.length + 1}`;
      span.textContent = gutter.children.length + 1;
      gutter.append(span);
    }
  }

  function mark() {
    [...gutter.children].forEach((span, at) => { span.className = marks.get(String(at + 1)) || ""; });
  }

  function go(line, column = 1) {
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.focus({ preventScroll: true });
    const text = lines[line - 1] || "";
    area.setSelectionRange(start + Math.min(column - 1, text.length), start + text.length);
    editor.scrollTop = Math.max(0, (line - 4) * lineHeight());
  }

  function show(answer) {
    list.innerHTML = answer.found;
    marks = new Map(Object.entries(answer.marks));
    mark();
    summary.className = `check-summary ${answer.state}`;
    const text = changed ? `${answer.summary} ${form.dataset.unsaved}` : answer.summary;
    if (summary.textContent !== text) summary.textContent = text;
  }

  async function check() {
    const request = ++lastRequest;
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("text", area.value);
    try {
      const answer = await fetch(form.dataset.problems, {
        method: "POST", body, headers: { Accept: "application/json" },
      });
      if (answer.status === 413) return tell(request, form.dataset.large);
      if (answer.status === 401) return tell(request, form.dataset.signedOut);
      if (answer.status === 400) return tell(request, form.dataset.expired);
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const data = await answer.json();
      if (request === lastRequest) show(data);
    } catch {
      tell(request, form.dataset.failed);
    }
  }

  function tell(request, text) {
    if (request !== lastRequest) return;
    summary.className = "check-summary warn";
    summary.textContent = text;
  }

  /* Drafts in this browser, one for each time the page was opened, until the text is saved: for a
     crash, a login that has expired, and two tabs with the same file. */
  const place = `draft:${location.pathname.replace(/\/(check)?$/, "")}`;
  const newSlot = () => `${place}|${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const own = newSlot();
  const offer = document.getElementById("kept-draft");
  const rowModel = offer.querySelector("li");

  function readDraft(slot) {
    try { return { slot, ...JSON.parse(localStorage.getItem(slot)) }; } catch { return { slot }; }
  }

  function otherDrafts() {
    let slots = [];
    try { slots = Object.keys(localStorage); } catch { /* not allowed */ }
    return slots.filter((slot) => slot !== own && (slot === place || slot.startsWith(`${place}|`)))
      .map(readDraft).filter(({ text }) => typeof text === "string").sort((one, other) => other.at - one.at);
  }

  function keep(slot = own) {
    const draft = { text: area.value, base: form.elements.base.value, at: Date.now() };
    try { localStorage.setItem(slot, JSON.stringify(draft)); return true; } catch { return false; }
  }

  function dropDraft(slot) {
    try { localStorage.removeItem(slot); } catch { /* not allowed */ }
  }

  /* Offer the texts that aren't in the editor, newest first. */
  function offerDrafts() {
    if (area.readOnly) return;
    const drafts = otherDrafts();
    drafts.filter(({ text }) => text === area.value).forEach(({ slot }) => dropDraft(slot));
    const rows = drafts.filter(({ text }) => text !== area.value).map((draft, at) => {
      const row = rowModel.cloneNode(true);
      const time = row.querySelector("time");
      time.id = `draft-${at}`;
      time.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
      row.querySelectorAll("button").forEach((button) => button.setAttribute("aria-describedby", time.id));
      row.querySelector("[name=restore]").addEventListener("click", () => restore(draft));
      row.querySelector("[name=discard]").addEventListener("click", () => {
        dropDraft(draft.slot);
        offerDrafts();
        area.focus();
      });
      return row;
    });
    offer.querySelector("ul").replaceChildren(...rows);
    offer.hidden = !rows.length;
  }

  function restore(draft) {
    if (changed && !keep(newSlot())) return;
    area.value = draft.text;
    form.elements.base.value = draft.base;
    if (keep()) dropDraft(draft.slot);
    onInput();
    offerDrafts();
    area.focus();
  }

  /* Another tab took over or discarded the draft of this one, which still has the text. */
  window.addEventListener("storage", ({ key, newValue }) => {
    if (changed && newValue === null && (key === own || key === null)) keep();
  });

  /* Completion: keys of the format, their values, and names in the curriculum. */
  const box = document.createElement("ul");
  box.className = "choices";
  box.id = "choices";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", form.dataset.choices);
  box.hidden = true;
  editor.append(box);
  area.setAttribute("aria-controls", "choices");
  area.setAttribute("aria-autocomplete", "list");
  document.getElementById("typing").hidden = area.readOnly;
  let chosen = -1;
  let prefix = "";

  function values(key) {
    const { options, names } = words.get(key);
    if (options.length) return options;
    const used = new RegExp(`^\\s*(?:- )?${key}: +([a-z0-9-]+)\\s*$`, "gm");
    return [...names, ...[...area.value.matchAll(used)].map((each) => each[1])];
  }

  /* The key of the list that an item belongs to: the nearest less indented line above. */
  function listKey(above, indent) {
    const beside = new RegExp(`^ {${indent},}-|^ {${indent + 1},}|^\\s*$`);
    const owner = above.findLast((line) => !beside.test(line)) || "";
    return (owner.match(/^\s*(?:- )?([a-z-]+):\s*$/) || [])[1];
  }

  /* The key of the value being typed: on the same line, or before an open bracket. */
  function currentValue(above, before) {
    const named = before.match(/(?:^\s*(?:- )?|[{,]\s*)([a-z-]+):\s+([\w./-]*)$/);
    const open = [...above.slice(-20), before].join("\n").match(/([a-z-]+):\s*\[([^[\]{}:]*)$/);
    return named || (open && [open[0], open[1], open[2].match(/[\w./-]*$/)[0]]);
  }

  function candidates(above, before) {
    const value = currentValue(above, before);
    const key = before.match(/^(\s*)(- )?([a-z-]+)$/);
    const owner = value ? value[1] : key && key[2] && listKey(above, key[1].length);
    if (!value && !key) return [];
    prefix = value ? value[2] : key[3];
    const found = words.has(owner) ? new Set(values(owner)) : new Set();
    if (value || found.size) return [...found].map((each) => [each, "", each]);
    return [...words].map(([name, entry]) => [name, entry.about, `${name}: `]);
  }

  function close() {
    box.hidden = true;
    chosen = -1;
    area.removeAttribute("aria-activedescendant");
  }

  function complete() {
    const before = area.value.slice(0, area.selectionStart);
    const above = before.split("\n");
    const row = above.length;
    const line = above.pop();
    const found = candidates(above, line)
      .filter(([name]) => name !== prefix && name.startsWith(prefix)).slice(0, 12);
    if (!found.length || area.selectionStart !== area.selectionEnd) return close();
    box.replaceChildren(...found.map(([name, about, insert], at) => {
      const entry = document.createElement("li");
      entry.id = `choice-${at}`;
      entry.setAttribute("role", "option");
      entry.setAttribute("aria-selected", "false");
      entry.dataset.insert = insert;
      const bold = document.createElement("b");
      bold.textContent = name;
      entry.append(bold);
      if (about) {
        const small = document.createElement("small");
        small.textContent = about;
        entry.append(small);
      }
      return entry;
    }));
    chosen = -1;
    const width = parseFloat(getComputedStyle(area).fontSize) * 0.6;
    box.style.top = `${area.offsetTop + 8 + row * lineHeight()}px`;
    box.style.left = `${Math.min(area.offsetLeft + 12 + line.length * width, editor.clientWidth * 0.5)}px`;
    box.hidden = false;
    const hiddenBelow = box.offsetTop + box.offsetHeight - editor.scrollTop - editor.clientHeight;
    editor.scrollTop += Math.max(0, hiddenBelow);
  }

  function pick(to) {
    chosen = (to + box.children.length) % box.children.length;
    [...box.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === chosen)));
    box.children[chosen].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `choice-${chosen}`);
  }

  /* Insert as if typed, so that the browser can undo it. */
  function take(entry) {
    close();
    area.setSelectionRange(area.selectionStart - prefix.length, area.selectionStart);
    document.execCommand("insertText", false, entry.dataset.insert);
  }

  function onInput() {
    changed = true;
    keep();
    number();
    mark();
    complete();
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  }

  area.addEventListener("input", onInput);
  area.addEventListener("blur", () => setTimeout(close, 150));
  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === " ") {
      event.preventDefault();
      complete();
    } else if (!box.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      pick(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1);
    } else if (!box.hidden && event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (!box.hidden && chosen >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      take(box.children[chosen]);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End", "Enter"].includes(event.key)) close();
  });
  box.addEventListener("mousedown", (event) => {
    const entry = event.target.closest("li");
    event.preventDefault();
    if (entry) take(entry);
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line), Number(link.dataset.column));
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.formTarget !== "_blank") changed = false;
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  if (!area.readOnly) number();
  if (form.dataset.checked && !area.readOnly) { changed = true; keep(); }
  offerDrafts();
  const wanted = location.hash.match(/^#L(\d+)$/);
  if (wanted) go(Number(wanted[1]));
})();
