(() => {
  const { $, grouped, counted, shown, element, button, keys } = page;
  const data = page.data();
  const LISTED = 60; // entities, and
  const LINKS = 200; // documents that a list shows at once
  const main = $("documents");

  // The documents, and their mentions as columns: document, entity, surface, label, score in thousandths (−1 without a score).
  const docs = [...main.children].map((node, nth) => ({ node, nth, first: 0, last: 0, hidden: false, text: null }));
  const columns = { doc: [], entity: [], surface: [], label: [], score: [] };
  for (const doc of docs) {
    doc.first = columns.doc.length;
    for (const fact of doc.node.dataset.m === "" ? [] : doc.node.dataset.m.split(" ")) {
      const [entity, surface, label, score] = fact.split(".");
      columns.doc.push(doc.nth);
      columns.entity.push(Number(entity));
      columns.surface.push(Number(surface));
      columns.label.push(Number(label));
      columns.score.push(score === "" ? -1 : Number(score));
    }
    doc.last = columns.doc.length;
    // About the height that it will have; the style's lines are 1.7 times as high as its letters.
    const lines = Number(doc.node.dataset.n) * (innerWidth < 480 ? 2.2 : innerWidth < 800 ? 1.3 : 1);
    doc.node.style.containIntrinsicBlockSize = `auto ${Math.round(lines * 1.81 + 5)}rem`;
  }
  const n_mentions = columns.doc.length;
  const entities = data.entities.map(([name, label, surfaces, ids, id, context], nth) => ({
    nth, name, label, surfaces, ids, id, context, mentions: 0, documents: 0, seen: -1, search: null,
  }));

  const filters = { off: new Set(), least: 0, query: "", only: false };
  let chosen = null; // an entity
  let current = -1; // a mention
  let listed = []; // the entities that the list has
  const marksOf = new Map(); // by entity, those that are elements

  const passes = (mention) => !filters.off.has(columns.label[mention]) && (columns.score[mention] < 0 || columns.score[mention] >= filters.least);

  // Texts become elements when they come near the viewport.
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) fill(docs[entry.target.dataset.nth]);
  }, { rootMargin: "1000px 0px" });

  function fill(doc) {
    if (doc.filled) return;
    doc.filled = true;
    observer.unobserve(doc.node);
    const waiting = doc.node.querySelector("noscript");
    if (waiting !== null) {
      const made = document.createElement("template");
      made.innerHTML = waiting.textContent; // what the page itself says there, escaped like the rest of it
      waiting.replaceWith(made.content);
    }
    for (const mark of doc.node.querySelectorAll("mark")) {
      mark.mention = doc.first + Number(mark.dataset.i);
      const entity = columns.entity[mark.mention];
      if (!marksOf.has(entity)) marksOf.set(entity, []);
      marksOf.get(entity).push(mark);
      paint(mark);
    }
    highlight(doc);
  }

  function paint(mark) {
    mark.classList.toggle("off", !passes(mark.mention));
    mark.classList.toggle("lit", chosen !== null && columns.entity[mark.mention] === chosen.nth);
    mark.classList.toggle("current", mark.mention === current);
  }

  function repaint() {
    for (const marks of marksOf.values()) marks.forEach(paint);
  }

  // Search.
  const textOf = (doc) => {
    if (doc.text === null) {
      const waiting = doc.node.querySelector("noscript");
      const plain = waiting === null ? doc.node.querySelector("p").textContent
        : waiting.textContent.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
      doc.text = `${doc.node.firstElementChild.textContent}\n${plain}`.toLowerCase();
    }
    return doc.text;
  };

  const namesOf = (entity) => {
    entity.search ??= [entity.name, ...entity.surfaces].join("\n").toLowerCase();
    return entity.search;
  };

  const found = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
  if (found !== null) CSS.highlights.set("found", found);

  function highlight(doc) {
    if (found === null || filters.query === "" || doc.hidden) return;
    const walker = document.createTreeWalker(doc.node, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      nodes.push([text.length, walker.currentNode]);
      text += walker.currentNode.data;
    }
    const lower = text.toLowerCase();
    if (lower.length !== text.length) return; // its places are not those of the text
    const point = (at) => {
      let low = 0;
      for (let high = nodes.length; high - low > 1;) {
        const middle = (low + high) >> 1;
        if (nodes[middle][0] < at) low = middle;
        else high = middle;
      }
      return [nodes[low][1], at - nodes[low][0]];
    };
    for (let at = lower.indexOf(filters.query); at >= 0; at = lower.indexOf(filters.query, at + filters.query.length)) {
      const range = document.createRange();
      range.setStart(...point(at));
      range.setEnd(...point(at + filters.query.length));
      found.add(range);
    }
  }

  /** Applies the filters. */
  function apply() {
    const of_label = new Map();
    const has = new Uint8Array(docs.length);
    for (const entity of entities) Object.assign(entity, { mentions: 0, documents: 0, seen: -1 });
    const of_doc = new Uint32Array(docs.length);
    for (let mention = 0; mention < n_mentions; mention++) {
      const score = columns.score[mention];
      if (score >= 0 && score < filters.least) continue;
      of_label.set(columns.label[mention], (of_label.get(columns.label[mention]) ?? 0) + 1);
      if (filters.off.has(columns.label[mention])) continue;
      of_doc[columns.doc[mention]]++;
      const entity = entities[columns.entity[mention]];
      entity.mentions++;
      if (entity.seen !== columns.doc[mention]) {
        entity.seen = columns.doc[mention];
        entity.documents++;
      }
      if (entity === chosen) has[columns.doc[mention]] = 1;
    }
    let n_docs = 0;
    let n_shown = 0;
    for (const doc of docs) {
      doc.hidden = (filters.query !== "" && !textOf(doc).includes(filters.query)) || (filters.only && chosen !== null && has[doc.nth] === 0);
      doc.node.hidden = doc.hidden;
      if (doc.hidden) continue;
      n_docs++;
      n_shown += of_doc[doc.nth];
    }
    listed = entities.filter((entity) => entity.mentions > 0 && (filters.query === "" || namesOf(entity).includes(filters.query)));
    const by_name = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.nth - b.nth);
    const orders = {
      mentions: (a, b) => b.mentions - a.mentions || b.documents - a.documents || by_name(a, b),
      documents: (a, b) => b.documents - a.documents || b.mentions - a.mentions || by_name(a, b),
      name: by_name,
    };
    listed.sort(orders[$("sort").value]);
    for (const box of $("labels").querySelectorAll("input")) {
      box.parentElement.lastElementChild.textContent = grouped(of_label.get(Number(box.value)) ?? 0);
    }
    const of_all = n_docs === docs.length ? "" : ` of ${grouped(docs.length)}`;
    $("status").textContent = `${grouped(n_docs)}${of_all} ${docs.length === 1 ? "document" : "documents"} · ${counted(n_shown, "mention")} · ${counted(listed.length, "entity", "entities")}`;
    $("entities").replaceChildren();
    more();
    contents();
    found?.clear();
    for (const doc of docs) if (doc.filled) highlight(doc);
    repaint();
    card();
  }

  // The list of entities.
  function more() {
    const list = $("entities");
    for (const entity of listed.slice(list.childElementCount, list.childElementCount + LISTED)) {
      const row = element("li");
      const made = button("", () => choose(entity === chosen ? null : entity), "item");
      made.entity = entity;
      made.setAttribute("aria-pressed", String(entity === chosen));
      const name = element("bdi", "", entity.name);
      if (entity.context !== null) name.append(" ", element("small", "", entity.context));
      made.append(tag(entity.label), name, element("small", "number", `${grouped(entity.mentions)} in ${grouped(entity.documents)}`));
      made.title = `${counted(entity.mentions, "mention")} in ${counted(entity.documents, "document")}`;
      row.append(made);
      list.append(row);
    }
    next($("more"), listed.length - list.childElementCount, LISTED);
  }

  function next(made, left, at_once) {
    made.hidden = left === 0;
    made.textContent = `show ${grouped(Math.min(left, at_once))} more (${grouped(left)} left)`;
  }

  function tag(label) {
    const [name, colour] = data.labels[label];
    return element("span", `label l${colour}`, name);
  }

  // The list of documents.
  function contents() {
    $("contents").firstElementChild.textContent = `Documents (${grouped(docs.filter((doc) => !doc.hidden).length)})`;
    $("contents").querySelector("ol").replaceChildren();
    if ($("contents").open) links();
  }

  function links() {
    const list = $("contents").querySelector("ol");
    const wanted = docs.filter((doc) => !doc.hidden);
    for (const doc of wanted.slice(list.childElementCount, list.childElementCount + LINKS)) {
      const row = element("li");
      const link = element("a", "", doc.node.firstElementChild.textContent);
      link.href = `#${doc.node.id}`;
      link.dir = "auto";
      row.append(link, element("small", "number", grouped(doc.last - doc.first)));
      list.append(row);
    }
    next($("contents").querySelector("button"), wanted.length - list.childElementCount, LINKS);
  }

  // The chosen entity.
  function choose(entity) {
    chosen = entity;
    if (entity === null) filters.only = false;
    document.body.classList.toggle("chosen", entity !== null);
    for (const row of $("entities").querySelectorAll("button")) row.setAttribute("aria-pressed", String(row.entity === chosen));
    if (filters.only) return apply();
    if (docs.some((doc) => doc.hidden) && entity === null) return apply();
    repaint();
    card();
  }

  function card() {
    const box = $("card");
    box.replaceChildren();
    box.hidden = chosen === null;
    if (chosen === null) return;
    const counts = new Map();
    for (let mention = 0; mention < n_mentions; mention++) {
      if (columns.entity[mention] === chosen.nth && passes(mention)) {
        counts.set(columns.surface[mention], (counts.get(columns.surface[mention]) ?? 0) + 1);
      }
    }
    const title = element("h2", "", chosen.name);
    title.dir = "auto";
    const facts = element("p");
    facts.append(tag(chosen.label), ` ${counted(chosen.mentions, "mention")} in ${counted(chosen.documents, "document")}`);
    if (chosen.context !== null) facts.append(` · ${shown(chosen.context)}`);
    box.append(title, facts);
    const names = element("ul");
    for (const [surface, count] of [...counts].sort((a, b) => b[1] - a[1])) {
      const name = element("li");
      name.append(element("bdi", "", chosen.surfaces[surface]), element("small", "", ` ${grouped(count)}×`));
      names.append(name);
    }
    box.append(names);
    if (chosen.ids.length > 0 || chosen.id !== null) {
      const ids = element("p");
      for (const [text, address] of chosen.ids) {
        const id = element(address === null ? "span" : "a", "", text);
        if (address !== null) Object.assign(id, { href: address, rel: "noreferrer" });
        ids.append(id, " · ");
      }
      if (chosen.id !== null) ids.append(element("small", "", chosen.id));
      else ids.lastChild.remove();
      box.append(ids);
    }
    const only = element("label");
    const check = element("input");
    check.type = "checkbox";
    check.checked = filters.only;
    check.addEventListener("change", () => {
      filters.only = check.checked;
      apply();
      $("card").querySelector("input").focus();
    });
    only.append(check, " only these documents");
    const row = element("div", "row");
    row.append(button("← previous", () => step(-1)), button("next →", () => step(1)), button("close", () => choose(null)));
    box.append(only, row);
  }

  // From mention to mention, and from document to document.
  function step(by) {
    const fits = (mention) => passes(mention) && !docs[columns.doc[mention]].hidden && (chosen === null || columns.entity[mention] === chosen.nth);
    let from = current;
    if (from < 0) {
      const doc = docs[atTop()];
      if (doc === undefined) return;
      from = by > 0 ? doc.first - 1 : doc.first;
    }
    for (let n = 0, mention = from; n < n_mentions; n++) {
      mention = (mention + by + n_mentions) % n_mentions;
      if (fits(mention)) return go(mention);
    }
  }

  function go(mention) {
    current = mention;
    const doc = docs[columns.doc[mention]];
    fill(doc);
    repaint();
    const mark = marksOf.get(columns.entity[mention]).find((mark) => mark.mention === mention);
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
    // What was not laid out before may have another height now.
    requestAnimationFrame(() => mark.scrollIntoView({ block: "center" }));
  }

  /** The document at the top of the window. */
  function atTop() {
    return docs.findIndex((doc) => !doc.hidden && doc.node.getBoundingClientRect().bottom > 40);
  }

  function turn(by) {
    const top = atTop();
    if (top < 0) return;
    let nth = top;
    // Back to the beginning of a document first.
    if (by > 0 || docs[top].node.getBoundingClientRect().top > -40) {
      do nth += by; while (docs[nth]?.hidden);
    }
    if (docs[nth] === undefined) return;
    current = -1;
    fill(docs[nth]);
    docs[nth].node.scrollIntoView({ block: "start" });
  }

  /** Shows what the address names, even if the filters leave it out. */
  function openHash() {
    const doc = docs.find((doc) => `#${doc.node.id}` === location.hash);
    if (doc === undefined) return;
    if (doc.hidden) {
      filters.query = $("query").value = "";
      filters.only = false;
      apply();
    }
    fill(doc);
    doc.node.scrollIntoView({ block: "start" });
  }

  // The controls.
  const used = new Set(columns.label);
  data.labels.forEach((_, place) => {
    if (!used.has(place)) return;
    const label = element("label");
    const box = element("input");
    Object.assign(box, { type: "checkbox", checked: true, value: place });
    box.addEventListener("change", () => {
      if (box.checked) filters.off.delete(place);
      else filters.off.add(place);
      apply();
    });
    label.append(box, tag(place), element("small", "number"));
    $("labels").append(label);
  });
  $("labels").hidden = used.size === 0;
  if (columns.score.some((score) => score >= 0)) {
    $("score").hidden = false;
    $("min-score").addEventListener("input", () => {
      filters.least = Number($("min-score").value) * 10;
      $("least").textContent = `${$("min-score").value} %`;
      apply();
    });
  }
  const [, within, unlinked] = data.linked;
  const said = [];
  if (within > 0 && docs.length > 1) said.push("Linked within each document only: entities with one name, label and ids are listed as one. allonym link links across documents.");
  if (unlinked > 0) said.push(`${counted(unlinked, "mention is", "mentions are")} not linked: those with one surface and label are listed as one.`);
  $("linked").textContent = said.join(" ");
  $("linked").hidden = said.length === 0;

  let timer = 0;
  $("query").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      filters.query = $("query").value.trim().toLowerCase();
      apply();
    }, 150);
  });
  $("sort").addEventListener("change", apply);
  $("more").addEventListener("click", more);
  $("contents").addEventListener("toggle", () => {
    if ($("contents").open && $("contents").querySelector("li") === null) links();
  });
  $("contents").querySelector("button").addEventListener("click", links);

  const light = (target, on) => {
    const mark = target.closest?.("mark");
    if (!mark || mark.mention === undefined) return;
    const entity = columns.entity[mark.mention];
    if (chosen !== null && entity === chosen.nth) return;
    for (const other of marksOf.get(entity)) other.classList.toggle("lit", on && passes(other.mention));
  };
  for (const [event, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    main.addEventListener(event, ({ target }) => light(target, on));
  }
  const take = (target) => {
    const mark = target.closest?.("mark");
    if (!mark || mark.mention === undefined || !passes(mark.mention)) return false;
    current = mark.mention;
    choose(entities[columns.entity[mark.mention]]);
    return true;
  };
  main.addEventListener("click", ({ target }) => {
    if (String(getSelection()) === "") take(target);
  });
  keys({
    "/": () => {
      $("fold").open = true;
      $("query").focus();
    },
    n: () => step(1),
    p: () => step(-1),
    j: () => turn(1),
    k: () => turn(-1),
    Enter: ({ target }) => take(target),
    Escape: () => choose(null),
  });
  addEventListener("hashchange", openHash);
  addEventListener("beforeprint", () => docs.filter((doc) => !doc.hidden).forEach(fill));
  // With few documents, the browser's own search finds everything.
  for (const doc of docs) {
    doc.node.dataset.nth = doc.nth;
    if (docs.length <= 100) fill(doc);
    else observer.observe(doc.node);
  }
  const narrow = matchMedia("(max-width:59.99rem)");
  const unfold = () => { $("fold").open = !narrow.matches; };
  narrow.addEventListener("change", unfold);
  unfold();
  apply();
  openHash();
})();
