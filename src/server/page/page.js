(() => {
  const { $, counted, element, keys } = page;
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

  /** Shows a document, whose offsets count units of UTF-16. */
  const render = ({ text, mentions, entities = [] }) => {
    const parts = [];
    let end = 0;
    for (const mention of mentions) {
      parts.push(page.shown(text.slice(end, mention.start)), mark(text.slice(mention.start, mention.end), mention));
      end = mention.end;
    }
    $("tagged").replaceChildren(...parts, page.shown(text.slice(end)));
    $("entities").replaceChildren(...entities.map(row));
    $("result").hidden = false;
    $("status").textContent = `${counted(mentions.length, "mention")}, ${counted(entities.length, "entity", "entities")}`;
  };

  let last = 0;
  const tag = async () => {
    const mine = ++last;
    $("error").textContent = "";
    $("status").textContent = "…";
    const headers = { "Content-Type": "text/plain; charset=utf-8" };
    const token = $("token").value;
    if (token) headers.Authorization = `Bearer ${token}`;
    try {
      const answer = await fetch(`/v1/tag?offsets=utf16&min_score=${$("score").value}`, { method: "POST", headers, body: $("text").value });
      const said = await answer.json();
      if (mine !== last) return;
      if (answer.status === 401) $("secret").hidden = false;
      if (!answer.ok) throw new Error(said.detail ?? answer.statusText);
      render(said);
    } catch (error) {
      if (mine !== last) return;
      $("status").textContent = "";
      $("error").textContent = page.shown(error.message);
    }
  };

  $("form").addEventListener("submit", (event) => { event.preventDefault(); tag(); });
  $("score").addEventListener("input", () => { $("least").textContent = Number($("score").value).toFixed(2); });
  $("score").addEventListener("change", tag);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); tag(); }
  });

  const step = (by) => () => {
    const all = [...document.querySelectorAll("#tagged mark")];
    if (all.length === 0) return false;
    const at = all.indexOf(document.activeElement);
    all[(at === -1 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length].focus();
  };
  keys({ n: step(1), p: step(-1), e: () => $("text").focus() });
})();
