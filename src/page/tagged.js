// A tagged document as elements, for the pages where a text is typed: that of the server, and the one that runs in a browser alone.
const tagged = (() => {
  const { $, counted, element } = page;
  const COLOURS = ["PER", "ORG", "LOC", "MISC"];
  /** Below this score a mention is shown as unsure. */
  const UNSURE = 0.7;

  /** The class of a label's colour. */
  const colour = (label) => {
    const place = COLOURS.includes(label) ? COLOURS.indexOf(label) : COLOURS.push(label) - 1;
    return `l${place % 8}`;
  };

  /** Shows everything of an entity. */
  const show = (entity) => {
    for (const one of document.querySelectorAll("[data-entity]")) one.classList.toggle("same", entity !== undefined && one.dataset.entity === entity);
  };

  const mark = (text, mention) => {
    const made = element("mark", colour(mention.label));
    made.append(element("span", "", text), element("span", `label ${colour(mention.label)}`, mention.label));
    made.tabIndex = 0;
    made.title = `${mention.label}, score ${mention.score.toFixed(2)}`;
    made.classList.toggle("unsure", mention.score < UNSURE);
    if (mention.entity) made.dataset.entity = mention.entity;
    for (const event of ["mouseenter", "focus"]) made.addEventListener(event, () => show(mention.entity));
    for (const event of ["mouseleave", "blur"]) made.addEventListener(event, () => show());
    return made;
  };

  const row = (entity) => {
    const made = element("tr");
    made.dataset.entity = entity.id;
    const label = element("td");
    label.append(element("span", `label ${colour(entity.label)}`, entity.label));
    made.append(element("td", "", entity.name), label, element("td", "number", String(entity.mentions)), element("td", "", (entity.aliases ?? []).join("; ")));
    return made;
  };

  /** Units of text in a block, about. A browser lays out the blocks that are seen. */
  const BLOCK = 10_000;

  /** The text in blocks of whole lines. */
  const blocks = (text, mentions) => {
    const made = [];
    const begun = () => Object.assign(element("div"), { dir: "auto" });
    let [block, start, end] = [begun(), 0, 0];
    const plain = (to) => {
      // A block ends with the line break, which the end of the element stands for.
      for (let line = text.indexOf("\n", Math.max(end, start + BLOCK)); line !== -1 && line < to; line = text.indexOf("\n", start + BLOCK)) {
        block.append(page.shown(text.slice(end, line)));
        made.push(block);
        [block, start, end] = [begun(), line + 1, line + 1];
      }
      block.append(page.shown(text.slice(end, to)));
    };
    for (const mention of mentions) {
      plain(mention.start);
      block.append(mark(text.slice(mention.start, mention.end), mention));
      end = mention.end;
    }
    plain(text.length);
    return [...made, block];
  };

  /** Shows a document, whose offsets count units of UTF-16. */
  const render = ({ text, mentions, entities = [] }) => {
    $("tagged").replaceChildren(...blocks(text, mentions));
    $("entities").replaceChildren(...entities.map(row));
    $("result").hidden = false;
    $("status").textContent = `${counted(mentions.length, "mention")}, ${counted(entities.length, "entity", "entities")}`;
  };

  const step = (by) => () => {
    const all = [...document.querySelectorAll("#tagged mark")];
    if (all.length === 0) return false;
    const at = all.indexOf(document.activeElement);
    all[(at === -1 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length].focus();
  };

  return { render, step };
})();
