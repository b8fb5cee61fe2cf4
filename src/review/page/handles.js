// The two ends of the chosen mention, to drag.
const handles = (() => {
  const { $, element } = page;
  /** @type {HTMLElement} */
  const stage = $("stage");
  /** @type {Mention | null} */
  let mention = null;
  /** What is dragged, and to where. @type {Range_ | null} */
  let dragged = null;

  /** @param {"start" | "end"} edge */
  const make = (edge) => {
    const made = element("div", "handle");
    made.dataset.edge = edge;
    made.hidden = true;
    // The keys do the same; see the card.
    made.setAttribute("aria-hidden", "true");
    made.title = edge === "start" ? "drag the start" : "drag the end";
    made.addEventListener("pointerdown", (event) => {
      if (!mention || event.button !== 0) return;
      event.preventDefault();
      made.setPointerCapture(event.pointerId);
      dragged = { start: mention.start, end: mention.end };
    });
    made.addEventListener("pointermove", (event) => {
      if (!dragged || !mention) return;
      const text = review.doc().text;
      // The handle is under the pointer: the text is looked for without it.
      made.style.pointerEvents = "none";
      const at = passage.under(event.clientX, event.clientY - (edge === "end" ? 12 : -12)) ?? passage.under(event.clientX, event.clientY);
      made.style.pointerEvents = "";
      if (at === null) return;
      const raw = edge === "start" ? { start: Math.min(at, mention.end - 1), end: mention.end } : { start: mention.start, end: Math.max(at, mention.start + 1) };
      const range = event.altKey ? words.trimmed(text, raw) : words.whole(text, raw);
      if (!range) return;
      // The other end stays where it is.
      dragged = edge === "start" ? { start: range.start, end: mention.end } : { start: mention.start, end: range.end };
      passage.select(dragged);
    });
    const drop = () => {
      const [range, one] = [dragged, mention];
      dragged = null;
      passage.select(null);
      if (range && one && (range.start !== one.start || range.end !== one.end)) review.act(() => review.bounds(one, range));
    };
    made.addEventListener("pointerup", drop);
    made.addEventListener("pointercancel", () => {
      dragged = null;
      passage.select(null);
    });
    stage.append(made);
    return made;
  };
  const ends = [make("start"), make("end")];

  const place = () => {
    const nodes = mention ? passage.nodes({ mention }) : [];
    for (const made of ends) made.hidden = nodes.length === 0;
    if (!mention || nodes.length === 0) return;
    const rects = [...passage.range(mention).getClientRects()].filter((rect) => rect.width > 0);
    if (rects.length === 0) return;
    const from = stage.getBoundingClientRect();
    const leftwards = words.leftwards(review.doc().surface(mention));
    for (const made of ends) {
      const is_start = made.dataset.edge === "start";
      const rect = is_start ? rects[0] : rects[rects.length - 1];
      made.style.left = `${(is_start !== leftwards ? rect.left : rect.right) - from.left - 12}px`;
      // One above the line and one below it, so that both can be had of a short name.
      made.style.top = `${(is_start ? rect.top - 18 : rect.bottom - 6) - from.top}px`;
    }
  };

  /** @param {Mention | null} of */
  const show = (of) => {
    mention = of;
    place();
  };
  new ResizeObserver(place).observe(stage);

  return { show };
})();
