// What is chosen in the text, with everything that can be done to it.
const card = (() => {
  const { $, element, button } = page;
  /** @type {HTMLElement} */
  const root = $("card");

  /** A button with its key. @param {string} text @param {string} key @param {() => unknown} action @param {string} [className] */
  const keyed = (text, key, action, className) => {
    const made = button("", () => review.act(action), className);
    made.append(text, " ", element("kbd", "", key));
    return made;
  };

  /** A row of things. @param {(Node | string)[]} things */
  const row = (...things) => {
    const made = element("div", "row");
    made.append(...things);
    return made;
  };

  /** @param {string} label */
  const tag = (label) => element("span", `label l${review.colour(label)}`, label);

  /** @param {Disagreement} one */
  const beside = (one) => {
    const [doc, about] = [review.doc(), review.about()];
    const made = element("p");
    const others = doc.others(one);
    const name = doc.beside?.name ?? "";
    made.append(element("strong", "", `${name}: `));
    if (others.length === 0) made.append("no mention here");
    others.forEach((other, nth) => made.append(nth > 0 ? ", " : "", element("bdi", "", doc.surface(other)), " ", tag(other.label)));
    const is_gold = about.mode === "gold";
    const take = keyed(is_gold ? "Gold is wrong: take this" : `Take that of ${name}`, "t", () => review.settle("other"));
    const keep = keyed(is_gold ? "Gold is right" : "Keep mine", "Enter", () => review.accept());
    const box = element("div");
    box.append(made, row(take, keep));
    return box;
  };

  /** @param {Mention} mention */
  const facts = (mention) => {
    const said = element("p");
    said.append(tag(mention.label), " ");
    if (mention.score !== null) said.append(`${(mention.score * 100).toFixed(mention.score > 0.99 ? 2 : 0)} % sure · `);
    const by = { input: "from the input", model: "by the model", annotator: "by you" }[mention.by] ?? mention.by;
    said.append(by, mention.accepted ? " · accepted" : " · not accepted yet");
    return said;
  };

  /** @param {Chosen} chosen */
  const show = (chosen) => {
    const had = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.does : undefined;
    root.replaceChildren();
    root.className = chosen === null ? "" : "card";
    if (chosen === null) {
      root.append(element("p", "note", "No mention is chosen. Enter goes to the least certain one, j and k from one to the next; select words, or press a, to add one."));
      return;
    }
    const doc = review.doc();
    const title = element("h2");
    root.append(title);
    if ("only" in chosen) {
      title.append(element("bdi", "", doc.surface(chosen.only)));
      root.append(beside(chosen.only));
      return;
    }
    const { mention } = chosen;
    title.append(element("bdi", "", doc.surface(mention)));
    root.append(facts(mention));
    const differs = doc.differs.get(mention.id);
    if (differs) root.append(beside(differs));
    const labels = row();
    for (const { name, key } of review.labels()) {
      const made = keyed("", key ?? "", () => review.label(name));
      made.prepend(tag(name));
      made.dataset.does = `label ${name}`;
      made.setAttribute("aria-pressed", String(name === mention.label));
      labels.append(made);
    }
    const steps = row(keyed("Accept", "Enter", () => review.accept()), keyed("Remove", "x", () => review.remove()));
    /** @param {string} text @param {string} key @param {string} said @param {"start" | "end"} edge @param {1 | -1} by */
    const end = (text, key, said, edge, by) => {
      const made = button(text, (event) => review.act(() => review.move(edge, by, event.altKey ? "letter" : "word")));
      made.title = `${said} (Shift and ${key}; with Alt by a letter)`;
      made.setAttribute("aria-label", said);
      made.dataset.does = said;
      return made;
    };
    const bounds = row(
      element("span", "", "Start"), end("◂", "↑", "start a word before", "start", -1), end("▸", "↓", "start a word later", "start", 1),
      element("span", "", "End"), end("◂", "←", "end a word before", "end", -1), end("▸", "→", "end a word later", "end", 1),
    );
    root.append(labels, bounds, steps);
    const entity = doc.entity(mention);
    if (entity) {
      const to = button("", () => entities.choose(entity.id, true));
      to.append(element("bdi", "", entity.name), " ", element("kbd", "", "e"));
      root.append(row(element("span", "", "Entity"), to));
    }
    if (had) /** @type {HTMLElement | null} */ (root.querySelector(`[data-does="${CSS.escape(had)}"]`))?.focus();
  };

  return { show, tag, row, keyed };
})();
