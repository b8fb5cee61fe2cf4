// The entities of the document, and what can be done to the chosen one.
const entities = (() => {
  const { $, grouped, counted, element, button } = page;
  const LISTED = 60;
  const MENTIONS = 100; // that are offered to be split off
  /** @type {string | null} */
  let chosen = null;
  let shown = LISTED;

  const field = (/** @type {string} */ said, /** @type {HTMLElement} */ control) => {
    const made = element("label", "field");
    made.append(element("span", "", said), control);
    return made;
  };

  const by_name = (/** @type {Entity} */ a, /** @type {Entity} */ b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);

  const draw_list = () => {
    const wanted = $("entity-q").value.trim().toLowerCase();
    const all = [...review.doc().entities.values()];
    const found = all.filter((entity) => entity.name.toLowerCase().includes(wanted));
    found.sort((a, b) => b.mentions.length - a.mentions.length || by_name(a, b));
    $("entities-n").textContent = grouped(all.length);
    $("entities").replaceChildren(...found.slice(0, shown).map((entity) => {
      const made = button("", () => choose(entity.id === chosen ? null : entity.id), "item");
      made.dataset.entity = entity.id;
      made.setAttribute("aria-pressed", String(entity.id === chosen));
      made.append(card.tag(entity.label), element("bdi", "", entity.name), element("small", "number", grouped(entity.mentions.length)));
      made.title = counted(entity.mentions.length, "mention");
      const row = element("li");
      row.append(made);
      return row;
    }));
    $("entities-more").hidden = found.length <= shown;
    $("entities-more").textContent = `show more (${grouped(found.length - shown)} left)`;
  };

  /** @param {Entity} entity */
  const name_form = (entity) => {
    const made = element("form", "name");
    const input = element("input");
    input.value = entity.name;
    input.id = "entity-name";
    input.dir = "auto";
    input.autocomplete = "off";
    const save = element("button", "", "Set name");
    made.append(field("Name", input), save);
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      review.act(() => review.op({ do: "entity_name", entity: entity.id, name: input.value.trim() }, `The name is ${input.value.trim()}`));
    });
    return made;
  };

  /** @param {Entity} entity */
  const kb_form = (entity) => {
    const made = element("fieldset");
    made.append(element("legend", "", "Ids of knowledge bases"));
    const list = element("ul");
    for (const [base, id] of Object.entries(entity.kb)) {
      const said = element(Object.hasOwn(entity.links, base) ? "a" : "span", "", `${base}:${id}`);
      if (said instanceof HTMLAnchorElement) Object.assign(said, { href: entity.links[base], rel: "noreferrer", target: "_blank" });
      const off = button("Take away", () => review.act(() => review.op({ do: "entity_kb", entity: entity.id, base, id: null }, `${base}:${id} is taken away`)));
      off.setAttribute("aria-label", `Take ${base}:${id} away`);
      const row = element("li", "row");
      row.append(said, off);
      list.append(row);
    }
    const form = element("form", "pair");
    const [base, id] = [element("input"), element("input")];
    Object.assign(base, { id: "kb-base", value: "wikidata", autocomplete: "off" });
    Object.assign(id, { id: "kb-id", placeholder: "Q794", autocomplete: "off" });
    base.setAttribute("aria-label", "Knowledge base");
    id.setAttribute("aria-label", "Id");
    form.append(base, id, element("button", "", "Link"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [to, value] = [base.value.trim(), id.value.trim()];
      review.act(() => review.op({ do: "entity_kb", entity: entity.id, base: to, id: value }, `Linked to ${to}:${value}`));
    });
    made.append(list, form);
    return made;
  };

  /** @param {Entity} entity */
  const other_form = (entity) => {
    const doc = review.doc();
    const others = [...doc.entities.values()].filter((other) => other.id !== entity.id).sort(by_name);
    if (others.length === 0) return null;
    const made = element("fieldset");
    made.append(element("legend", "", "This entity and another"));
    const select = element("select");
    select.id = "other-entity";
    select.setAttribute("aria-label", "The other entity");
    // Likely ones first: a word in common, and the same label.
    const of = new Set(entity.name.toLowerCase().split(/\s+/));
    const likely = (/** @type {Entity} */ other) => Number(other.label === entity.label) + 2 * other.name.toLowerCase().split(/\s+/).filter((word) => of.has(word)).length;
    for (const other of others.sort((a, b) => likely(b) - likely(a))) {
      const option = element("option", "", `${other.name} (${other.label}, ${other.mentions.length})`);
      option.value = other.id;
      select.append(option);
    }
    const named = () => doc.entities.get(select.value)?.name ?? "";
    const merge = button("Merge: they are the same", () => review.act(async () => {
      const name = named();
      if (await review.op({ do: "entity_merge", into: entity.id, from: select.value }, `${name} is ${entity.name}`)) choose(entity.id);
    }));
    merge.id = "merge";
    const never = button("Never the same", () => review.act(() => review.op({ do: "entity_never", a: entity.id, b: select.value, never: true }, `${named()} is never ${entity.name}`)));
    never.id = "never";
    const buttons = [merge, never];
    const mention = review.mention();
    if (mention && mention.entity === entity.id) {
      buttons.push(button("This mention is of the other", () => review.act(() => review.op({ do: "entity_move", mention: mention.id, entity: select.value }, `The mention is of ${named()}`))));
    }
    made.append(select, card.row(...buttons));
    if (entity.never.length > 0) {
      const list = element("ul");
      list.id = "never-list";
      for (const id of entity.never) {
        const row = element("li", "row");
        const name = doc.entities.get(id)?.name ?? id;
        const off = button("Take back", () => review.act(() => review.op({ do: "entity_never", a: entity.id, b: id, never: false }, "Taken back")));
        off.setAttribute("aria-label", `Take back: never ${name}`);
        row.append("never ", element("bdi", "", name), off);
        list.append(row);
      }
      made.append(list);
    }
    return made;
  };

  /** @param {Entity} entity */
  const split_form = (entity) => {
    const doc = review.doc();
    if (entity.mentions.length < 2) return null;
    const made = element("form");
    const box = element("fieldset");
    box.append(element("legend", "", counted(entity.mentions.length, "mention")));
    const list = element("ul");
    for (const id of entity.mentions.slice(0, MENTIONS)) {
      const mention = doc.by_id.get(id);
      if (!mention) continue;
      const label = element("label", "check");
      const check = element("input");
      Object.assign(check, { type: "checkbox", value: String(id), checked: id === review.mention()?.id });
      const said = element("bdi");
      const [before, after] = [doc.text.slice(Math.max(0, mention.start - 20), mention.start), doc.text.slice(mention.end, mention.end + 20)];
      said.append(element("small", "", `…${before}`), element("strong", "", doc.surface(mention)), element("small", "", `${after}…`));
      label.append(check, said);
      const row = element("li");
      row.append(label);
      list.append(row);
    }
    if (entity.mentions.length > MENTIONS) list.append(element("li", "note", `and ${grouped(entity.mentions.length - MENTIONS)} more`));
    const split = element("button");
    split.id = "split";
    split.append("Split off what is ticked ", element("kbd", "", "s"));
    box.append(list, split);
    made.append(box);
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      review.act(split_ticked);
    });
    return made;
  };

  const split_ticked = async () => {
    const ticked = [...$("entity").querySelectorAll("input[type=checkbox]:checked")].map((box) => Number(box.value));
    if (chosen === null || ticked.length === 0) return review.say("Tick the mentions that are of another entity first.");
    return review.op({ do: "entity_split", entity: chosen, mentions: ticked }, `${counted(ticked.length, "mention")} split off`);
  };

  const draw_chosen = () => {
    const root = $("entity");
    const entity = chosen === null ? undefined : review.doc().entities.get(chosen);
    if (!entity) chosen = null;
    // What is being written stays, and so does the focus.
    const active = root.contains(document.activeElement) ? document.activeElement?.id : "";
    const written = new Map([...root.querySelectorAll("input:not([type=checkbox])")].filter((input) => root.dataset.entity === chosen && input.value !== input.defaultValue && document.activeElement === input).map((input) => [input.id, input.value]));
    root.hidden = !entity;
    root.className = "card";
    root.replaceChildren();
    if (!entity) return;
    root.dataset.entity = entity.id;
    const title = element("h3");
    title.append(element("bdi", "", entity.name), " ", card.tag(entity.label));
    const parts = [title, name_form(entity), kb_form(entity), other_form(entity), split_form(entity)];
    root.append(...parts.filter((part) => part !== null));
    for (const [id, value] of written) if ($(id)) $(id).value = value;
    if (active) $(active)?.focus();
  };

  const draw = () => {
    draw_list();
    draw_chosen();
  };

  /** Chooses an entity; its mentions are outlined in the text. @param {string | null} id @param {boolean} [and_focus] */
  const choose = (id, and_focus = false) => {
    chosen = id;
    draw();
    passage.repaint();
    if (and_focus && id !== null) {
      $("entities-fold").open = true;
      $("entity-name")?.focus();
    }
  };

  /** Another document. */
  const reset = () => {
    chosen = null;
    shown = LISTED;
    $("entity-q").value = "";
    draw();
  };

  $("entity-q").addEventListener("input", draw_list);
  $("entities-more").addEventListener("click", () => {
    shown += LISTED;
    draw_list();
  });

  return { draw, choose, reset, chosen: () => chosen, split: split_ticked };
})();
