// Finds what has keyboard focus without a visible outline, and fields without a visible border.
// Needs the keyboard to have been used last: only then does a script's focus() show an outline.
() => {
  const MIN_CONTRAST = 3, MIN_WIDTH = 2;
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const FIELDS = "input:not([type=hidden]), select, textarea";

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  };
  const over = ([red, green, blue, alpha], ground) =>
    [red, green, blue].map((part, at) => part * alpha + ground[at] * (1 - alpha));
  const page = rgba(getComputedStyle(document.body).backgroundColor);
  const groundOf = (element) => {
    if (!element) return over(page, [255, 255, 255]);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, groundOf(element.parentElement));
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour
      .map((part) => part / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const onGround = (colour, ground) => contrast(over(rgba(colour), ground), ground);

  const isShown = (element) =>
    !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true });
  const nameOf = (element) => element.outerHTML.split(">")[0].replace(/\s+/g, " ").slice(0, 120) + ">";

  const outlineTrouble = (element) => {
    element.focus();
    if (document.activeElement !== element) return "";
    const style = getComputedStyle(element), width = parseFloat(style.outlineWidth);
    if (style.outlineStyle === "none" || width < MIN_WIDTH) return "focus has no outline";
    const isInside = parseFloat(style.outlineOffset) < 0;
    const found = onGround(style.outlineColor, groundOf(isInside ? element : element.parentElement));
    return found < MIN_CONTRAST ? `focus outline has a contrast of ${found.toFixed(1)}` : "";
  };
  // The browser draws these itself, with enough contrast; their computed border says nothing.
  const isNative = (field) =>
    ["radio", "checkbox"].includes(field.type) && getComputedStyle(field).appearance === "auto";
  const borderTrouble = (field) => {
    if (isNative(field)) return "";
    let framed = field;
    while (framed !== document.body && parseFloat(getComputedStyle(framed).borderTopWidth) < 1)
      framed = framed.parentElement;
    const found = onGround(getComputedStyle(framed).borderTopColor, groundOf(framed.parentElement));
    return found < MIN_CONTRAST ? `border has a contrast of ${found.toFixed(1)}` : "";
  };

  const measured = (selector, trouble) =>
    [...document.querySelectorAll(selector)]
      .filter(isShown)
      .map((element) => [trouble(element), nameOf(element)])
      .filter(([why]) => why)
      .map(([why, name]) => `${why}: ${name}`);
  document.activeElement.blur();
  const borders = measured(FIELDS, borderTrouble);
  const place = [scrollX, scrollY];
  const outlines = measured(FOCUSABLE, outlineTrouble);
  document.activeElement.blur();
  scrollTo(...place);
  return [...new Set([...borders, ...outlines])];
}
