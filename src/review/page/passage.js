// The text of the document: blocks of it, whose mentions become elements when they come near the window.
const passage = (() => {
  const { $, MISLEADING, shown, element } = page;
  /** @type {HTMLElement} */
  const root = $("text");
  const BLOCK = 1500; // letters, at the end of a paragraph; twice as many at that of a line
  const LINE = 6000; // letters that a line may have before it is cut
  const LONG = 500_000; // letters from which on blocks are as few as can be

  /** @typedef {Range_ & { node: HTMLElement, filled: boolean, places: [number, Text][] }} Block */
  /** @type {Reviewed} */
  let doc;
  /** @type {Block[]} */
  let blocks = [];
  /** @type {(mention: Mention) => { classes: string[], label: string, said: string }} */
  let look;
  /** Where the text of a node begins, and whether it stands for one character that cannot be seen. @type {WeakMap<Text, { start: number, raw: boolean }>} */
  const known = new WeakMap();

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const block = blocks[Number(/** @type {HTMLElement} */ (entry.target).dataset.nth)];
      if (entry.isIntersecting && block?.node === entry.target) fill(block);
    }
  }, { rootMargin: "800px 0px" });

  /** Cuts a text after lines: where a block is long enough, or lines begin to be read from the other side. @param {string} text @returns {Range_[]} */
  const cut = (text) => {
    /** @type {Range_[]} */
    const found = [];
    let start = 0;
    let leftwards = null;
    /** @param {number} end */
    const close = (end) => {
      if (end > start) found.push({ start, end });
      start = end;
      leftwards = null;
    };
    for (let line = 0; line < text.length;) {
      let end = text.indexOf("\n", line) + 1 || text.length;
      if (end - line > 2 * LINE) {
        end = text.lastIndexOf(" ", line + LINE) + 1;
        if (end <= line) end = line + LINE;
        if (/[\udc00-\udfff]/.test(text[end])) end++;
      }
      const head = text.slice(line, Math.min(end, line + 200));
      if (/\p{L}/u.test(head)) {
        const is = words.leftwards(head);
        if (leftwards !== null && is !== leftwards && text.length < LONG) close(line);
        leftwards = is;
      }
      const is_blank = head.trim() === "";
      if (end - start >= (is_blank ? BLOCK : 2 * BLOCK)) close(end);
      line = end;
    }
    close(text.length);
    return found;
  };

  /** Adds text that begins at `start`. @param {HTMLElement} to @param {Block} block @param {number} start @param {number} end */
  const write = (to, block, start, end) => {
    /** @param {HTMLElement} into @param {string} said @param {number} at @param {boolean} raw */
    const put = (into, said, at, raw) => {
      const node = document.createTextNode(said);
      known.set(node, { start: at, raw });
      block.places.push([at, node]);
      into.append(node);
    };
    const text = doc.text.slice(start, end);
    let at = 0;
    for (const { 0: c, index } of text.matchAll(MISLEADING)) {
      if (index > at) put(to, text.slice(at, index), start + at, false);
      const made = element("span", "raw");
      put(made, shown(c), start + index, true);
      to.append(made);
      at = index + 1;
    }
    if (at < text.length) put(to, text.slice(at), start + at, false);
  };

  /** @typedef {Range_ & { mention?: Mention, only?: Disagreement, label?: string }} Item */
  /** @param {Item} item */
  const mark = (item) => {
    const made = element(item.mention ? "mark" : "span");
    if (item.mention) made.dataset.m = String(item.mention.id);
    else made.dataset.o = String(item.start);
    made.tabIndex = -1;
    made.setAttribute("role", "button");
    return made;
  };

  /** @param {Block} block */
  const fill = (block) => {
    observer.unobserve(block.node);
    block.filled = true;
    block.places = [];
    /** @type {Item[]} */
    const items = doc.within(block).map((mention) => ({ start: mention.start, end: mention.end, mention }));
    for (const only of doc.missing) {
      if (only.start < block.end && only.end > block.start) items.push({ start: only.start, end: only.end, only, label: doc.others(only).map((other) => other.label).join(" ") });
    }
    const edges = new Set([block.start, block.end]);
    for (const { start, end } of items) for (const edge of [start, end]) if (edge > block.start && edge < block.end) edges.add(edge);
    const places = [...edges].sort((a, b) => a - b);
    items.sort((a, b) => a.start - b.start || b.end - a.end);
    block.node.replaceChildren();
    /** The elements that are open, from the outside. @type {{ item: Item, node: HTMLElement }[]} */
    let open = [];
    let next = 0;
    /** @type {Item[]} */
    let active = [];
    for (let nth = 0; nth + 1 < places.length; nth++) {
      const [start, end] = [places[nth], places[nth + 1]];
      active = active.filter((item) => item.end > start);
      while (next < items.length && items[next].start < end) active.push(items[next++]);
      let same = 0;
      while (same < open.length && open[same].item === active[same]) same++;
      open = open.slice(0, same);
      for (const item of active.slice(same)) {
        const node = mark(item);
        (open.at(-1)?.node ?? block.node).append(node);
        open.push({ item, node });
      }
      write(open.at(-1)?.node ?? block.node, block, start, end);
      // The last piece has the label.
      for (const { item, node } of open) if (item.end === end) node.dataset.last = "";
    }
    for (const node of block.node.querySelectorAll("[data-m], [data-o]")) paint(/** @type {HTMLElement} */ (node));
  };

  /** @param {HTMLElement} node */
  const paint = (node) => {
    const chosen = review.chosen();
    if (node.dataset.o !== undefined) {
      const only = doc.missing.find((one) => one.start === Number(node.dataset.o));
      if (!only) return;
      const is_chosen = chosen !== null && "only" in chosen && chosen.only.start === only.start;
      const labels = doc.others(only).map((other) => other.label).join(" ");
      node.className = `other${is_chosen ? " chosen" : ""}`;
      node.dataset.l = `${doc.beside?.name}: ${labels}`;
      node.setAttribute("aria-label", `${node.textContent}: ${labels}, only in ${doc.beside?.name}`);
      node.tabIndex = is_chosen ? 0 : -1;
      return;
    }
    const mention = doc.by_id.get(Number(node.dataset.m));
    if (!mention) return;
    const { classes, label, said } = look(mention);
    node.className = classes.join(" ");
    node.dataset.l = label;
    node.title = said;
    node.setAttribute("aria-label", `${node.textContent}: ${said}`);
    const is_chosen = classes.includes("chosen");
    node.tabIndex = is_chosen ? 0 : -1;
    node.toggleAttribute("aria-current", false);
    if (is_chosen) node.setAttribute("aria-current", "true");
  };

  const repaint = () => {
    for (const node of root.querySelectorAll("[data-m], [data-o]")) paint(/** @type {HTMLElement} */ (node));
  };

  /** @param {number} at */
  const block_at = (at) => {
    let low = 0;
    for (let high = blocks.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (blocks[middle].start <= at) low = middle;
      else high = middle;
    }
    return low;
  };

  /** Shows a document. @param {Reviewed} reviewed @param {typeof look} looks */
  const show = (reviewed, looks) => {
    [doc, look] = [reviewed, looks];
    observer.disconnect();
    root.replaceChildren();
    const letters = Math.max(30, Math.min(root.clientWidth, 720) / 8.5);
    blocks = cut(doc.text).map((range, nth) => {
      const node = element("div", "block");
      node.dir = "auto";
      node.dataset.nth = String(nth);
      node.style.containIntrinsicBlockSize = `auto ${Math.ceil((range.end - range.start) / letters) * 1.9}rem`;
      /** @type {Block} */
      const block = { ...range, node, filled: false, places: [] };
      write(node, block, range.start, range.end);
      return block;
    });
    root.append(...blocks.map((block) => block.node));
    blocks.forEach((block, nth) => (nth < 4 ? fill(block) : observer.observe(block.node)));
  };

  /** Draws what changed. @param {Range_[] | null} ranges all if `null` */
  const refresh = (ranges) => {
    const wanted = new Set();
    for (const { start, end } of ranges ?? []) for (let nth = block_at(start); nth < blocks.length && blocks[nth].start < end; nth++) wanted.add(blocks[nth]);
    for (const block of ranges === null ? blocks : wanted) if (block.filled) fill(block);
    repaint();
  };

  /** The elements of what is chosen. @param {Chosen} chosen @returns {HTMLElement[]} */
  const nodes = (chosen) => {
    if (chosen === null) return [];
    const range = "mention" in chosen ? chosen.mention : chosen.only;
    const selector = "mention" in chosen ? `[data-m="${chosen.mention.id}"]` : `[data-o="${range.start}"]`;
    const found = [];
    for (let nth = block_at(range.start); nth < blocks.length && blocks[nth].start < range.end; nth++) {
      if (!blocks[nth].filled) fill(blocks[nth]);
      found.push(...blocks[nth].node.querySelectorAll(selector));
    }
    return /** @type {HTMLElement[]} */ (found);
  };

  /** Brings something into the window. @param {HTMLElement | undefined} node */
  const reveal = (node) => {
    const near = () => node?.scrollIntoView({ block: "nearest" });
    near();
    // What was not laid out before may have another height now.
    requestAnimationFrame(near);
  };

  /** The place in the text of a point of the page's tree. @param {Node | null} node @param {number} at @returns {number | null} */
  const offset = (node, at) => {
    if (node === null || !root.contains(node)) return null;
    if (node instanceof Text) {
      const place = known.get(node);
      if (!place) return null;
      return place.start + (place.raw ? Math.min(at, 1) : at);
    }
    const after = node.childNodes[at];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    walker.currentNode = after ?? node;
    let text = after instanceof Text ? after : walker.nextNode();
    if (!after) {
      // After the last child: where the next text begins that is not inside.
      while (text && node.contains(text)) text = walker.nextNode();
    }
    return text ? known.get(/** @type {Text} */ (text))?.start ?? null : doc.text.length;
  };

  /** The place under a point of the window. @param {number} x @param {number} y @returns {number | null} */
  const under = (x, y) => {
    if (document.caretPositionFromPoint) {
      const caret = document.caretPositionFromPoint(x, y);
      return caret && offset(caret.offsetNode, caret.offset);
    }
    const caret = document.caretRangeFromPoint(x, y);
    return caret && offset(caret.startContainer, caret.startOffset);
  };

  /** The point of the tree of a place in the text. @param {number} at @param {"start" | "end"} edge @returns {[Text, number]} */
  const point = (at, edge) => {
    const block = blocks[block_at(edge === "end" ? at - 1 : at)];
    if (!block.filled) fill(block);
    let low = 0;
    for (let high = block.places.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (edge === "end" ? block.places[middle][0] < at : block.places[middle][0] <= at) low = middle;
      else high = middle;
    }
    const [start, node] = block.places[low];
    return [node, Math.min(node.data.length, known.get(node)?.raw ? (at > start ? node.data.length : 0) : at - start)];
  };

  /** @param {Range_} range */
  const tree_range = ({ start, end }) => {
    const made = document.createRange();
    made.setStart(...point(start, "start"));
    made.setEnd(...point(end, "end"));
    return made;
  };

  /** What is selected in the text. @returns {Range_ | null} */
  const selected = () => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return null;
    const ends = [offset(selection.anchorNode, selection.anchorOffset), offset(selection.focusNode, selection.focusOffset)];
    if (ends[0] === null || ends[1] === null || ends[0] === ends[1]) return null;
    return { start: Math.min(ends[0], ends[1]), end: Math.max(ends[0], ends[1]) };
  };

  /** Selects a range, or nothing. @param {Range_ | null} range */
  const select = (range) => {
    const selection = getSelection();
    selection?.removeAllRanges();
    if (range) selection?.addRange(tree_range(range));
  };

  /** The place of the first letter that the window shows. */
  const top = () => {
    const first = blocks.findIndex((block) => block.node.getBoundingClientRect().bottom > 120);
    if (first < 0) return 0;
    for (const [start, node] of blocks[first].places) {
      const range = document.createRange();
      range.selectNodeContents(node);
      if (range.getBoundingClientRect().bottom > 120) return start;
    }
    return blocks[first].start;
  };

  // A selection that begins at the first letter of something that takes the focus would be lost: it takes none while the button is down.
  root.addEventListener("pointerdown", (event) => {
    for (let node = /** @type {Element} */ (event.target).closest("[data-m], [data-o]"); node; node = node.parentElement?.closest("[data-m], [data-o]") ?? null) {
      node.removeAttribute("tabindex");
    }
    document.addEventListener("pointerup", repaint, { once: true });
  });

  return { root, show, refresh, repaint, nodes, reveal, under, selected, select, range: tree_range, top };
})();
