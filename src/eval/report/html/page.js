(() => {
  const { $, grouped, counted, element, button, keys } = page;
  const { rowsOf, place, rowAt, write } = marked;
  // Data becomes text nodes, attributes and our own class names, never markup.
  const data = page.data();
  const DOCUMENTS = 50; // documents per page of the list
  const ROWS = 200; // rows per part of a long document

  const letter = (system) => (data.systems.length < 2 ? "system" : system < 26 ? String.fromCharCode(65 + system) : `S${system + 1}`);
  const key = ([start, end, label]) => `${start} ${end} ${label}`;
  const labelName = (label) => data.labels[label].name;

  // Errors, by document, in the order of the text.
  const errors = [];
  const errorsOf = data.documents.map(() => []);

  /** How many other systems are wrong there too: "none", "some" or "all". */
  function others(paired, wrong, system, [, gold, predicted]) {
    const fails = (other) => {
      if (gold.length > 0) return gold.some((index) => wrong[other].gold.has(index));
      return wrong[other].predicted.has(key(paired.systems[system].mentions[predicted[0]]));
    };
    const rest = paired.systems.map((_, other) => other).filter((other) => other !== system);
    const failing = rest.filter(fails).length;
    return failing === 0 ? "none" : failing === rest.length ? "all" : "some";
  }

  data.documents.forEach((paired, doc) => {
    const wrong = paired.systems.map((side) => ({
      gold: new Set(side.errors.flatMap((error) => error[1])),
      predicted: new Set(side.errors.flatMap((error) => error[2]).map((index) => key(side.mentions[index]))),
    }));
    const found = [];
    paired.systems.forEach((side, system) => {
      for (const error of side.errors) {
        const [kind, gold, predicted] = error;
        const mentions = [...gold.map((index) => paired.gold[index]), ...predicted.map((index) => side.mentions[index])];
        found.push({
          doc, system, kind, gold, predicted,
          labels: new Set(mentions.map((mention) => mention[2])),
          start: Math.min(...mentions.map((mention) => mention[0])),
          end: Math.max(...mentions.map((mention) => mention[1])),
          others: others(paired, wrong, system, error),
        });
      }
    });
    found.sort((a, b) => a.start - b.start || a.end - b.end || a.system - b.system);
    for (const error of found) {
      error.id = errors.length;
      errors.push(error);
      errorsOf[doc].push(error);
    }
  });

  // The filters and what they match.
  const shown = new Set(data.systems.map((_, system) => system).slice(0, 2));
  const choice = { system: "", kind: "", label: "", others: "" };
  let matched = new Set();
  let documents = [];
  let order = [];
  let first = 0;
  let last = 0;
  let current = null;

  const facets = {
    system: { all: "all systems", options: data.systems.map((name, system) => [String(system), data.systems.length < 2 ? name : `${letter(system)}: ${name}`]), of: (error) => [String(error.system)] },
    kind: { all: "all errors", options: data.classes.map((kind, index) => [String(index), kind.name]), of: (error) => [String(error.kind)] },
    label: { all: "all labels", options: data.labels.map((label, index) => [String(index), label.name]), of: (error) => [...error.labels].map(String) },
    others: { all: "any", options: [["none", "only this system is wrong"], ["all", "all systems are wrong"]], of: (error) => [error.others] },
  };
  const names = Object.keys(facets);
  const isMatched = (id) => matched.has(id);
  const isCurrent = (id) => current?.id === id;
  const isFiltered = () => names.some((name) => choice[name] !== "");

  function fits(error, but) {
    return names.every((name) => name === but || choice[name] === "" || facets[name].of(error).includes(choice[name]));
  }

  function holds(paired, query) {
    return query === "" || paired.id.toLowerCase().includes(query) || paired.text.toLowerCase().includes(query);
  }

  function hasLabel(paired, label) {
    const has = (mentions) => mentions.some((mention) => mention[2] === label);
    return has(paired.gold) || paired.systems.some((side) => has(side.mentions));
  }

  /** Applies the filters and shows the first documents. */
  function apply() {
    const query = $("query").value.trim().toLowerCase();
    const onlyErrors = $("only-errors").checked || choice.system !== "" || choice.kind !== "" || choice.others !== "";
    const counts = Object.fromEntries(names.map((name) => [name, new Map()]));
    matched = new Set();
    documents = [];
    order = [];
    data.documents.forEach((paired, doc) => {
      if (!holds(paired, query)) return;
      const before = order.length;
      for (const error of errorsOf[doc]) {
        for (const name of names) {
          if (!fits(error, name) || (name !== "system" && !shown.has(error.system))) continue;
          for (const value of facets[name].of(error)) counts[name].set(value, (counts[name].get(value) ?? 0) + 1);
        }
        if (fits(error) && shown.has(error.system)) {
          matched.add(error.id);
          order.push(error);
        }
      }
      const wanted = onlyErrors ? order.length > before : choice.label === "" || hasLabel(paired, Number(choice.label));
      if (wanted) documents.push(doc);
      else order.length = before;
    });
    for (const name of names) {
      for (const option of $(`by-${name}`).options) {
        if (option.value !== "") option.textContent = `${option.dataset.name} (${grouped(counts[name].get(option.value) ?? 0)})`;
      }
    }
    if (current !== null && !matched.has(current.id)) current = null;
    $("found").textContent = `${grouped(documents.length)} of ${counted(data.documents.length, "document")}, ${counted(order.length, "error")}`;
    say();
    show(0);
  }

  // The list. Only one page of it exists, and only documents near the viewport have text.
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) fill(entry.target);
  }, { rootMargin: "800px 0px" });

  function show(from) {
    first = from;
    last = from;
    observer.disconnect();
    $("list").replaceChildren();
    $("list").classList.toggle("filtered", isFiltered());
    $("nothing").hidden = documents.length > 0;
    extend();
  }

  function extend() {
    const until = Math.min(last + DOCUMENTS, documents.length);
    for (; last < until; last++) {
      const article = shell(documents[last]);
      $("list").append(article);
      observer.observe(article);
    }
    const left = documents.length - last;
    $("more").hidden = left === 0;
    $("more").textContent = `show ${grouped(Math.min(DOCUMENTS, left))} more (${grouped(left)} left)`;
    $("earlier").hidden = first === 0;
    $("earlier").textContent = `show ${grouped(Math.min(DOCUMENTS, first))} earlier (of ${grouped(first)})`;
  }

  function shell(doc) {
    const paired = data.documents[doc];
    const article = element("article", "doc");
    article.id = paired.anchor;
    article.dataset.doc = doc;
    const head = element("header");
    const title = element("h3");
    const link = element("a", "", paired.id);
    link.href = `#${encodeURIComponent(paired.anchor)}`;
    link.title = "link to this document";
    link.dir = "auto";
    title.append(link);
    const facts = data.systems.map((_, system) => {
      const count = errorsOf[doc].filter((error) => error.system === system).length;
      return data.systems.length < 2 ? counted(count, "error") : `${letter(system)} ${counted(count, "error")}`;
    });
    head.append(title, element("span", "facts", [counted(paired.gold.length, "gold mention"), ...facts].join(" · ")));
    article.append(head, element("div", "text"));
    return article;
  }

  /** Fills in the text of a document. */
  function fill(article) {
    if (article.dataset.filled) return;
    article.dataset.filled = "yes";
    observer.unobserve(article);
    const doc = Number(article.dataset.doc);
    const paired = data.documents[doc];
    const sides = [goldSide(doc), ...[...shown].sort((a, b) => a - b).map((system) => systemSide(doc, system))];
    const box = article.querySelector(".text");
    const grid = element("div", "columns");
    grid.tabIndex = 0;
    grid.setAttribute("role", "group");
    grid.setAttribute("aria-label", `text of ${paired.id}`);
    grid.style.setProperty("--sides", sides.length);
    for (const side of sides) grid.append(element("div", `side ${side.key}`, side.title));
    const wanted = $("only-lines").checked ? errorsOf[doc].filter((error) => matched.has(error.id)) : null;
    const rows = rowsOf(paired.text, sides.flatMap((side) => side.items), wanted);
    for (const side of sides) place(side.items, rows);
    box.replaceChildren(grid);
    const lost = sides.flatMap((side) => side.items.filter((item) => item.start < 0 || item.start >= item.end).map((item) => [side, item]));
    if (lost.length > 0) {
      const note = element("p", "lost", `Without text: ${lost.map(([side, item]) => `${side.short} ${item.tag}`).join("; ")}`);
      note.dataset.errors = lost.flatMap(([, item]) => item.errors).join(" ");
      box.append(note);
    }
    article.rows = { grid, rows, sides, text: paired.text, done: 0 };
    addRows(article.rows, ROWS);
  }

  function addRows(state, count) {
    state.more?.remove();
    const until = Math.min(state.done + count, state.rows.length);
    for (; state.done < until; state.done++) {
      const row = state.rows[state.done];
      if (row.folded) {
        const fold = button(`… ${counted(row.end - row.start, "character")} ${row.folded} …`, () => fold.replaceWith(...cells(state, row)));
        fold.className = "fold";
        row.unfold = () => fold.isConnected && fold.click();
        state.grid.append(fold);
      } else {
        state.grid.append(...cells(state, row));
      }
    }
    const left = state.rows.length - state.done;
    if (left > 0) {
      state.more = button(`show more of this document (${counted(left, "line")} left)`, () => addRows(state, ROWS));
      state.more.className = "fold";
      state.grid.append(state.more);
    }
  }

  function goldSide(doc) {
    const items = data.documents[doc].gold.map((mention) => ({ ...item(mention), tag: labelName(mention[2]), errors: [] }));
    for (const error of errorsOf[doc].filter((error) => shown.has(error.system))) {
      for (const index of error.gold) items[index].errors.push(error.id);
    }
    for (const mention of items) {
      mention.failing = mention.errors.map((id) => `✗${data.systems.length < 2 ? "" : letter(errors[id].system)}`).join(" ");
      mention.style = mention.errors.length > 0 ? " wrong" : "";
    }
    return { key: "gold", short: "gold", title: `gold: ${data.gold}`, items };
  }

  function systemSide(doc, system) {
    const paired = data.documents[doc];
    const items = paired.systems[system].mentions.map((mention) => ({ ...item(mention), tag: labelName(mention[2]), errors: [], style: "" }));
    for (const error of errorsOf[doc].filter((error) => error.system === system)) {
      const { key, name } = data.classes[error.kind];
      const gold = error.gold.map((index) => labelName(paired.gold[index][2])).join(", ");
      for (const index of error.predicted) {
        Object.assign(items[index], { errors: [error.id], style: ` e ${key}`, failing: /type/.test(key) ? `${name}, gold ${gold}` : name });
      }
      if (error.predicted.length === 0) {
        for (const index of error.gold) items.push({ ...item(paired.gold[index]), tag: gold, errors: [error.id], style: ` e ${key}`, failing: name });
      }
    }
    const short = letter(system);
    return { key: `s${system % 6}`, short, title: `${data.systems.length < 2 ? "system" : short}: ${data.systems[system]}`, items };
  }

  const item = ([start, end, label, score]) => ({ start, end, colour: data.labels[label].colour, score });

  function cells(state, row) {
    return state.sides.map((side) => {
      const cell = element("div", `cell ${side.key}`);
      cell.dir = "auto";
      cell.dataset.side = side.short;
      write(cell, state.text, row, row.items?.get(side.items) ?? [], { isMatched, isCurrent });
      return cell;
    });
  }

  // Moving from error to error.
  function go(step) {
    if (order.length === 0) return;
    let index;
    if (current !== null) {
      index = order.indexOf(current) + step;
    } else {
      const articles = [...$("list").children];
      const near = articles.find((article) => article.getBoundingClientRect().bottom > innerHeight / 6);
      const at = near ? documents.indexOf(Number(near.dataset.doc)) : 0;
      const docs = new Set(documents.slice(at));
      index = order.findIndex((error) => docs.has(error.doc));
      if (step < 0) index -= 1;
    }
    select(order[(index + order.length) % order.length]);
  }

  function select(error) {
    current = error;
    const article = reach(error.doc);
    if (article === null) return;
    fill(article);
    const state = article.rows;
    const at = rowAt(state.rows, error.start);
    if (at >= state.done) addRows(state, at - state.done + ROWS);
    state.rows[at]?.unfold?.();
    for (const mark of document.querySelectorAll(".current")) mark.classList.remove("current");
    const marks = [...article.querySelectorAll(`[data-errors~="${error.id}"]`)];
    for (const mark of marks) mark.classList.add("current");
    (marks[marks.length - 1] ?? article).scrollIntoView({ block: "center", inline: "nearest" });
    say();
  }

  /** The article of a document, added to the page if necessary; null if the filters exclude it. */
  function reach(doc) {
    const index = documents.indexOf(doc);
    if (index < 0) return null;
    if (index === last) extend();
    if (index < first || index >= last) show(index);
    return $("list").children[index - first];
  }

  function say() {
    if (current === null) {
      $("status").textContent = order.length === 0 ? "no matching errors" : "";
      return;
    }
    const paired = data.documents[current.doc];
    const quote = ([start, end, label]) => `“${start < 0 ? "" : paired.text.slice(start, end).replace(/\s+/g, " ")}” ${labelName(label)}`;
    const list = (mentions) => (mentions.length === 0 ? "nothing" : mentions.map(quote).join(" + "));
    const predicted = current.predicted.map((index) => paired.systems[current.system].mentions[index]);
    const scores = predicted.filter((mention) => mention[3] !== null).map((mention) => mention[3].toFixed(2));
    const who = data.systems.length < 2 ? "predicted" : letter(current.system);
    const parts = [
      `${grouped(order.indexOf(current) + 1)} of ${grouped(order.length)}: ${data.classes[current.kind].name}`,
      `gold ${list(current.gold.map((index) => paired.gold[index]))}`,
      `${who} ${list(predicted)}${scores.length > 0 ? ` (score ${scores.join(", ")})` : ""}`,
    ];
    $("status").textContent = parts.join(" · ");
  }

  function openHash() {
    let anchor;
    try {
      anchor = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const doc = data.documents.findIndex((paired) => paired.anchor === anchor);
    if (doc < 0) return;
    if (!documents.includes(doc)) {
      reset();
      apply();
    }
    const article = reach(doc);
    fill(article);
    article.scrollIntoView({ block: "start" });
  }

  function reset() {
    for (const name of names) {
      choice[name] = "";
      $(`by-${name}`).value = "";
    }
    $("query").value = "";
    $("only-errors").checked = false;
    $("only-lines").checked = false;
  }

  // The controls.
  for (const name of names) {
    const select = $(`by-${name}`);
    const all = element("option", "", facets[name].all);
    all.value = "";
    select.append(all);
    for (const [value, text] of facets[name].options) {
      const option = element("option", "", text);
      option.value = value;
      option.dataset.name = text;
      if (name === "kind") option.title = data.classes[Number(value)].explained;
      select.append(option);
    }
    select.addEventListener("change", () => {
      choice[name] = select.value;
      if (name === "system" && select.value !== "" && !shown.has(Number(select.value))) {
        shown.add(Number(select.value));
        $(`show-${select.value}`).checked = true;
      }
      apply();
    });
  }
  if (data.systems.length < 2) for (const name of ["system", "others"]) $(`by-${name}`).closest("label").hidden = true;
  else {
    data.systems.forEach((name, system) => {
      const label = element("label", "check");
      const box = element("input");
      box.type = "checkbox";
      box.id = `show-${system}`;
      box.checked = shown.has(system);
      box.addEventListener("change", () => {
        if (box.checked) shown.add(system);
        else shown.delete(system);
        apply();
      });
      label.append(box, ` ${letter(system)}`);
      label.title = name;
      $("sides").append(label);
    });
    $("sides").hidden = false;
  }
  let timer = 0;
  $("query").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 150);
  });
  for (const id of ["only-errors", "only-lines"]) $(id).addEventListener("change", apply);
  $("reset").addEventListener("click", () => {
    reset();
    apply();
  });
  $("more").addEventListener("click", extend);
  $("earlier").addEventListener("click", () => {
    const from = Math.max(first - DOCUMENTS, 0);
    const before = documents[first];
    show(from);
    while (last <= documents.indexOf(before)) extend();
    document.getElementById(data.documents[before].anchor).scrollIntoView({ block: "start" });
  });
  $("next").addEventListener("click", () => go(1));
  $("previous").addEventListener("click", () => go(-1));
  $("list").addEventListener("click", (event) => {
    const mark = event.target.closest("[data-errors]");
    const ids = mark?.dataset.errors.split(" ").map(Number) ?? [];
    const id = ids.find((id) => matched.has(id));
    if (id !== undefined && String(getSelection()) === "") select(errors[id]);
  });
  keys({ j: () => go(1), k: () => go(-1), "/": () => $("query").focus() });
  addEventListener("hashchange", openHash);
  $("browser").hidden = false;
  apply();
  openHash();
})();
