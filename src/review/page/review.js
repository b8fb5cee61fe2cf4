// The page: what is open and chosen, the steps, the keys.
const review = (() => {
  const { $, counted, element } = page;
  const UNSURE = 0.7;
  const PIECE = 60; // other occurrences that are shown with a question

  /** @type {About} */
  let about;
  /** @type {Reviewed} */
  let doc;
  /** @type {Chosen} */
  let chosen = null;
  /** What was chosen last in this document. @type {Chosen} */
  let last = null;
  /** The label that was given last. */
  let last_label = "";
  let is_open = false;

  // Steps run one after the other, each on what the one before it made.
  let queue = Promise.resolve();
  /** @param {() => unknown} action */
  const act = (action) => {
    queue = queue.then(() => action()).then(() => {}, fail);
    return queue;
  };

  /** @param {any} error */
  const fail = (error) => {
    $("error").textContent = page.shown(error instanceof Error ? error.message : String(error));
    if (!(error instanceof server.Refusal)) console.error(error);
  };
  /** @param {string} text */
  const say = (text) => {
    $("said").textContent = page.shown(text);
  };

  const side = () => $("beside").value || null;
  const labels = () => about.labels;
  /** @param {string} label */
  const colour = (label) => about.labels.find(({ name }) => name === label)?.colour ?? 7;
  const mention = () => (chosen !== null && "mention" in chosen ? chosen.mention : null);
  const differences_only = () => $("only").checked && doc.beside !== null;

  /** Whether a mention is among those that are looked at. @param {Mention} one */
  const passes = (one) => documents.passes(one) && (!differences_only() || doc.differs.has(one.id));

  /** How a mention looks. @param {Mention} one */
  const look = (one) => {
    const classes = [`l${colour(one.label)}`];
    if (one.accepted) classes.push("accepted");
    else if (one.score !== null && one.score < UNSURE) classes.push("unsure");
    if (!passes(one)) classes.push("dim");
    if (doc.differs.has(one.id)) classes.push("differs");
    if (one.entity !== null && one.entity === entities.chosen()) classes.push("same");
    if (mention()?.id === one.id) classes.push("chosen");
    const said = [one.label];
    if (one.score !== null) said.push(`${(one.score * 100).toFixed(0)} % sure`);
    said.push(one.accepted ? "accepted" : "not accepted yet");
    if (doc.differs.has(one.id)) said.push(`unlike ${doc.beside?.name}`);
    return { classes, label: one.label + (one.accepted ? " ✓" : ""), said: said.join(", ") };
  };

  /** The focus goes to what is chosen, or to the text. */
  const focus = () => {
    const [node] = passage.nodes(chosen);
    (node ?? passage.root).focus({ preventScroll: true });
  };

  /** @param {Chosen} one @param {"focus" | "stay"} [how] */
  const choose = (one, how = "focus") => {
    chosen = one;
    last = one ?? last;
    passage.repaint();
    card.show(chosen);
    handles.show(mention());
    const entity = mention()?.entity ?? null;
    if (mention()) entities.choose(entity);
    const [node] = passage.nodes(chosen);
    if (!node) return;
    if (how === "focus") node.focus({ preventScroll: true });
    passage.reveal(node);
    remember();
  };

  let remembering = 0;
  /** Puts the place into the address, for a reload; not at every key, which browsers refuse. */
  const remember = () => {
    clearTimeout(remembering);
    remembering = setTimeout(() => {
      const range = range_of(chosen);
      // The browser may have gone back to another document, which is not open yet.
      const [, there] = location.hash.split("/");
      const is_there = there === undefined || there === String(doc.index);
      if (range && is_there && !$("reading").hidden) history.replaceState(null, "", `#/${doc.index}/${range.start}`);
    }, 100);
  };

  const toolbar = () => {
    $("undo").disabled = !doc.can_undo;
    $("redo").disabled = !doc.can_redo;
    $("complete").setAttribute("aria-pressed", String(doc.status === "complete"));
    const open = doc.mentions.filter((one) => !one.accepted).length;
    $("state").textContent = doc.state === "waiting" ? "not tagged yet" : doc.status === "complete" ? "✓ complete" : doc.mentions.length === 0 ? "open, no mentions" : open === 0 ? "open, all accepted" : `open, ${counted(open, "mention")} to accept`;
    $("state").className = `state ${doc.status}`;
  };

  /**
   * Takes a step. It is on disk when the answer is here.
   * @param {Op} op @param {string} [done] what to say then @returns {Promise<Change | null>}
   */
  const op = async (op, done) => {
    bar.hide();
    /** @type {Change} */
    let change;
    try {
      change = await server.ask(`documents/${doc.index}/ops${server.query({ with: side() })}`, { version: doc.version, op });
    } catch (error) {
      if (!(error instanceof server.Refusal)) throw error;
      if (error.code === "overlap") {
        over(op, error.mentions, done);
        return null;
      }
      if (error.code !== "stale") throw error;
      await load(doc.index);
      throw new Error("this document was changed elsewhere, in another tab perhaps: it is shown as it is now, and your last step was not taken");
    }
    $("error").textContent = "";
    if (done) say(done);
    const dirty = doc.apply(change);
    const now = mention() && doc.by_id.get(/** @type {Mention} */ (mention()).id);
    chosen = now ? { mention: now } : null;
    passage.refresh(dirty);
    card.show(chosen);
    handles.show(mention());
    toolbar();
    documents.update(change.row);
    entities.draw();
    if (op.do === "status") await documents.progress();
    if (change.offer) offer(change.offer);
    return change;
  };

  /** Asks what becomes of mentions that are in the way. @param {Op} step @param {number[]} ids @param {string} [done] */
  const over = (step, ids, done) => {
    const names = ids.map((id) => doc.by_id.get(id)).filter((one) => one !== undefined).map((one) => `“${doc.surface(one)}” ${one.label}`);
    /** @param {"replace" | "keep"} what */
    const again = (what) => async () => {
      const change = await op({ ...step, over: what }, done);
      if (change) after(step, change);
    };
    bar.ask(`It overlaps ${names.join(", ")}.`, [
      { key: "r", text: names.length === 1 ? "Replace it" : "Replace them", action: again("replace") },
      { key: "b", text: "Keep both", action: again("keep") },
    ]);
  };

  /** Chooses what a step made. @param {Op} step @param {Change} change */
  const after = (step, change) => {
    const made = change.mentions.set.find((one) => one.start === step.start && one.end === step.end) ?? change.mentions.set[0];
    if (made) choose({ mention: made });
  };

  /** Asks whether the other occurrences of a name shall be the same. @param {Offer} found */
  const offer = (found) => {
    const doc_then = doc;
    const places = [
      ...found.add.map((range) => ({ range, what: "add", value: range })),
      ...found.relabel.map((id) => ({ range: doc.by_id.get(id), what: "relabel", value: id })),
      ...found.remove.map((id) => ({ range: doc.by_id.get(id), what: "remove", value: id })),
    ];
    const list = element("ul");
    for (const { range } of places.slice(0, PIECE)) {
      if (!range) continue;
      const label = element("label", "check");
      const check = element("input");
      Object.assign(check, { type: "checkbox", checked: true });
      const said = element("bdi");
      const [before, after] = [doc.text.slice(Math.max(0, range.start - 25), range.start), doc.text.slice(range.end, range.end + 25)];
      said.append(element("small", "", `…${before}`), element("strong", "", doc.surface(range)), element("small", "", `${after}…`));
      label.append(check, said);
      const row = element("li");
      row.append(label);
      list.append(row);
    }
    if (places.length > PIECE) list.append(element("li", "note", `and ${places.length - PIECE} more`));
    const take = async () => {
      if (doc !== doc_then) return;
      const checks = [...list.querySelectorAll("input")];
      const wanted = places.filter((_, nth) => checks[nth]?.checked ?? true);
      const of = (/** @type {string} */ what) => wanted.filter((place) => place.what === what).map((place) => place.value);
      const step = { do: "occurrences", label: found.label, add: of("add"), relabel: of("relabel"), remove: of("remove") };
      if (wanted.length > 0) await op(step, `${counted(wanted.length, "other occurrence")} changed`);
    };
    const does = found.remove.length > 0 ? "Remove them too" : `Label ${places.length === 1 ? "it" : "them"} ${found.label} too`;
    bar.ask(`“${found.text}” is there ${places.length === 1 ? "once" : `${places.length} times`} more.`, [{ key: "o", text: does, action: take }], [list]);
  };

  // Steps of the keys and buttons.

  /** What is still to be decided, of what is looked at. @param {Mention} one */
  const is_waiting = (one) => passes(one) && (!one.accepted || doc.differs.has(one.id));

  /** Goes to what is to be decided next: the least certain, or the next in the text. */
  const walk = () => {
    let least;
    if ($("order").value === "score") {
      for (const one of doc.mentions) if (is_waiting(one) && (!least || (one.score ?? 2) < (least.score ?? 2))) least = one;
    }
    const to = least ? { mention: least } : next(1, is_waiting);
    if (to) return choose(to);
    choose(null);
    focus();
    say(doc.status === "complete" ? "All mentions are accepted, and the document is complete. n goes to the next." : "All mentions are accepted. c marks the document as complete, n goes to the next.");
    return undefined;
  };

  /** @param {Chosen} one */
  const range_of = (one) => (one === null ? null : "mention" in one ? one.mention : one.only);

  /** Where the next step begins: at what is chosen or was last, if the window shows it. */
  const here = () => {
    const was = last === null ? undefined : passage.nodes(last)[0]?.getBoundingClientRect();
    return was && was.bottom > 0 && was.top < innerHeight ? Number(range_of(last)?.start) : passage.top();
  };

  /** The next in the text, around its end: a mention that fits, or what only the other side has. @param {1 | -1} by @param {(one: Mention) => boolean} fits @returns {Chosen} */
  const next = (by, fits) => {
    const from = range_of(chosen);
    const start = from?.start ?? here();
    const { mentions, missing } = doc;
    // Of the mentions that begin at one place, those before the chosen one are behind it.
    let at = doc.place(start);
    const one = mention();
    while (one && mentions[at] && mentions[at].id !== one.id) at++;
    if (by > 0 && !one) at--;
    /** How far away something is, in the direction of the step. @param {number} place */
    const away = (place) => (by * (place - start) + doc.text.length) % doc.text.length;
    /** @type {Chosen} */
    let found = null;
    for (let nth = 0; nth < mentions.length && !found; nth++) {
      at = (at + by + mentions.length) % mentions.length;
      if (fits(mentions[at]) && mentions[at].id !== one?.id) found = { mention: mentions[at] };
    }
    for (const only of missing) {
      const range = range_of(found);
      if (only === from || (only.start === start && from)) continue;
      if (!range || away(only.start) < away(range.start)) found = { only };
    }
    return found ?? (one && fits(one) ? { mention: one } : null);
  };

  /** From one to the next. @param {1 | -1} by */
  const step = (by) => {
    const to = next(by, passes);
    if (to === null) {
      if (chosen === null) say("There is no mention here that the filters let through.");
      return;
    }
    say("");
    choose(to);
  };

  const accept = async () => {
    if (chosen === null) return walk();
    if ("only" in chosen) return settle("mine");
    const one = chosen.mention;
    const differs = doc.differs.get(one.id);
    if (differs) await settle_as(differs, "mine");
    if (!(doc.by_id.get(one.id)?.accepted ?? true)) await op({ do: "accept", mention: one.id }, `${doc.surface(one)}: accepted`);
    return walk();
  };

  /** @param {Disagreement} one @param {"mine" | "other"} take */
  const settle_as = (one, take) => {
    const said = take === "other" ? `as in ${doc.beside?.name}` : "kept as it is";
    return op({ do: "settle", mine: one.mine, other: doc.others(one).map(({ start, end, label }) => ({ start, end, label })), take }, `${doc.surface(one)}: ${said}`);
  };

  /** @param {"mine" | "other"} take */
  const settle = async (take) => {
    const one = chosen !== null && "only" in chosen ? chosen.only : mention() && doc.differs.get(/** @type {Mention} */ (mention()).id);
    if (!one) return say("There is no disagreement here.");
    const place = one.start;
    const change = await settle_as(one, take);
    if (!change) return;
    const made = doc.mentions.find((other) => other.start === place && change.mentions.set.includes(other));
    if (take === "other" && made) choose({ mention: made });
    else if (take === "mine") walk();
    else choose(null);
  };

  const remove = async () => {
    const one = mention();
    if (!one) return nothing();
    const change = await op({ do: "remove", mention: one.id }, `${doc.surface(one)}: removed`);
    if (!change) return;
    const next = doc.mentions.slice(doc.place(one.start)).find(passes) ?? doc.mentions.findLast(passes);
    choose(next ? { mention: next } : null);
  };

  const nothing = () => say("Choose a mention first: Enter, j or k, or a click.");

  /** Gives a label to what is selected, or to the chosen mention. @param {string} name */
  const label = async (name) => {
    last_label = name;
    const range = selected();
    if (range) return add(range, name);
    if (chosen !== null && "only" in chosen) return add(chosen.only, name);
    const one = mention();
    if (!one) return nothing();
    if (one.label === name) return accept_here();
    await op({ do: "label", mention: one.id, label: name }, `${doc.surface(one)}: ${name}`);
    return undefined;
  };

  const accept_here = () => {
    const one = mention();
    if (one && !one.accepted) return op({ do: "accept", mention: one.id }, `${doc.surface(one)}: accepted`);
    return undefined;
  };

  /** @param {Mention} one @param {Range_} range */
  const bounds = async (one, range) => {
    const step = { do: "bounds", mention: one.id, start: range.start, end: range.end };
    const change = await op(step, `${doc.surface(range)}`);
    if (change) after(step, change);
    return undefined;
  };

  /** Moves an end of the chosen mention. @param {"start" | "end"} edge @param {1 | -1} by @param {"word" | "letter"} unit */
  const move = (edge, by, unit) => {
    const one = mention();
    if (!one) return nothing();
    const range = { start: one.start, end: one.end, [edge]: words.next(doc.text, one[edge], edge, by, unit) };
    if (range.start >= range.end || (range.start === one.start && range.end === one.end)) return undefined;
    return bounds(one, range);
  };

  // Selecting.

  let exact = false; // whether the selection is cut between letters
  const selected = () => {
    const range = passage.selected();
    return range && (exact ? words.trimmed(doc.text, range) : words.whole(doc.text, range));
  };

  /** @param {Range_} range @param {string} name */
  const add = async (range, name) => {
    const step = { do: "add", start: range.start, end: range.end, label: name };
    passage.select(null);
    const change = await op(step, `${doc.surface(range)}: ${name}`);
    if (change) after(step, change);
    return undefined;
  };

  /** Asks for the label of what is selected. */
  const ask_label = () => {
    const range = selected();
    if (!range) return false;
    const text = doc.surface(range);
    const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    bar.ask(`“${short}” is`, labels().map(({ name, key, colour }) => ({ key: key ?? "", text: name, colour, action: () => add(range, name) })), [], () => passage.select(null));
    return true;
  };

  /** Begins a selection at the next word, which the arrows then move. */
  const begin = () => {
    const from = mention()?.end ?? here();
    const word = words.from(doc.text, from);
    if (!word) return say("No word follows.");
    choose(null);
    exact = false;
    select(word);
    return undefined;
  };

  /** @param {Range_} range */
  const select = (range) => {
    passage.root.focus({ preventScroll: true });
    passage.select(range);
    getSelection()?.focusNode?.parentElement?.scrollIntoView({ block: "nearest" });
    ask_label();
  };

  /** An arrow: of the selection, or with Shift of the chosen mention's ends. @param {KeyboardEvent} event */
  const arrow = (event) => {
    const range = selected();
    const text = doc.text;
    const block = getSelection()?.anchorNode?.parentElement?.closest(".block");
    const leftwards = range ? block && getComputedStyle(block).direction === "rtl" : mention() && words.leftwards(doc.surface(/** @type {Mention} */ (mention())));
    const unit = event.altKey ? "letter" : "word";
    const by = /** @type {1 | -1} */ ((event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1) * (leftwards && (event.key === "ArrowRight" || event.key === "ArrowLeft") ? -1 : 1));
    const edge = event.key === "ArrowLeft" || event.key === "ArrowRight" ? "end" : "start";
    if (range) {
      exact ||= event.altKey;
      if (event.shiftKey) {
        const changed = { ...range, [edge]: words.next(text, range[edge], edge, by, unit) };
        if (changed.start < changed.end) select(changed);
        return true;
      }
      if (edge === "start") return false;
      const next = by > 0 ? words.from(text, range.end) : words.from(text, words.next(text, range.start, "start", -1, "word"));
      if (next && next.start !== range.start) select(next);
      return true;
    }
    if (!event.shiftKey || !mention()) return false;
    act(() => move(edge, by, unit));
    return true;
  };
  const undo = async (/** @type {"undo" | "redo"} */ which) => {
    if (which === "undo" ? !doc.can_undo : !doc.can_redo) return say(`There is nothing to ${which}.`);
    const change = await op({ do: which }, which === "undo" ? "Undone" : "Done again");
    const one = change && change.at !== null ? doc.by_id.get(change.at) : undefined;
    if (one) choose({ mention: one });
    return undefined;
  };

  const complete = async () => {
    const status = doc.status === "complete" ? "open" : "complete";
    await op({ do: "status", status }, status === "complete" ? "Complete: all that is not labelled is no name. n goes to the next document." : "Open again");
  };

  /** @param {1 | -1} by @param {(row: Row) => boolean} [fits] */
  const turn = async (by, fits) => {
    const row = documents.neighbour(by, fits);
    if (!row) return say(by > 0 ? "That was the last document of the list." : "That was the first document of the list.");
    history.pushState(null, "", `#/${row.index}`);
    await load(row.index);
    return undefined;
  };

  // Opening.

  /** @param {number} index @param {number} [at] a place in its text */
  const load = async (index, at) => {
    bar.hide();
    /** @type {Answered} */
    const answered = await server.ask(`documents/${index}${server.query({ with: side() })}`);
    const is_new = !is_open || doc.index !== index;
    const again = () => setTimeout(() => act(() => (doc.index === index && doc.state === "waiting" ? load(index, at) : undefined)), 200 + answered.text.length / 2000);
    const was_waiting = !is_new && doc.state === "waiting";
    if (was_waiting && answered.state === "waiting") {
      again();
      return;
    }
    is_open = true;
    doc = new Reviewed(answered);
    const was = is_new ? null : mention();
    chosen = last = null;
    passage.show(doc, look);
    if (is_new) say("");
    $("name").textContent = page.shown(doc.id);
    document.title = `${page.shown(doc.id)} – review`;
    $("differences").hidden = true;
    $("reading").hidden = $("panel").hidden = false;
    $("waiting").hidden = doc.state === "ready";
    $("waiting").textContent = doc.state === "waiting" ? "Its names are being looked for…" : page.shown(`It could not be tagged: ${doc.error ?? ""}`);
    if (is_new) entities.reset();
    else entities.draw();
    card.show(null);
    handles.show(null);
    toolbar();
    documents.current();
    if (doc.state === "waiting") {
      again();
      return;
    }
    const to = was ? doc.by_id.get(was.id) : undefined;
    if (to) choose({ mention: to });
    else if (at !== undefined) go(at);
    else if (is_new || was_waiting) {
      window.scrollTo(0, 0);
      if (doc.mentions.some(is_waiting) || doc.missing.length > 0) walk();
      else focus();
    }
  };

  /** Goes to a place: to what is there, or to the words. @param {number} at */
  const go = (at) => {
    const only = doc.missing.find((one) => one.start === at);
    const [differs] = doc.beside?.disagreements.find((one) => one.start === at)?.mine ?? [];
    const one = doc.by_id.get(differs) ?? doc.within({ start: at, end: at + 1 })[0];
    if (only) return choose({ only });
    if (one) return choose({ mention: one });
    const word = words.from(doc.text, at);
    if (word) passage.select(word);
    getSelection()?.focusNode?.parentElement?.scrollIntoView({ block: "center" });
    return undefined;
  };

  /** The filters have changed. */
  const filtered = async () => {
    await documents.load();
    if (is_open) {
      passage.repaint();
      card.show(chosen);
    }
  };

  const route = async () => {
    const [, first, second] = location.hash.split("/");
    if (first === "disagreements" && second) {
      await differences.show(decodeURIComponent(second));
      $("differences").hidden = false;
      $("reading").hidden = $("panel").hidden = true;
      return;
    }
    const index = first !== undefined && /^\d+$/.test(first) ? Number(first) : undefined;
    if (index === undefined) {
      const row = documents.neighbour(1);
      if (!row) say("There is no document.");
      else await load(row.index);
    } else if (!is_open || index !== doc.index || !$("differences").hidden || second !== undefined) {
      await load(index, second === undefined ? undefined : Number(second));
    }
  };

  /** Opens a document. @param {number} index */
  const open = (index) => {
    location.hash = `#/${index}`;
  };

  const beside = async () => {
    const name = side();
    $("only").disabled = name === null;
    if (name === null) $("only").checked = false;
    const link = $("differences-link");
    link.hidden = name === null;
    if (name !== null) {
      const made = element("a", "", `All disagreements with ${name}`);
      made.href = `#/disagreements/${encodeURIComponent(name)}`;
      const key = element("kbd", "", "d");
      link.replaceChildren(made, " ", key);
    }
    await documents.load();
    if (is_open) await load(doc.index);
  };

  // The keys: what the help shows is what they do.
  /** @type {[string[], string, (event: KeyboardEvent) => unknown][]} */
  const KEYS = [
    [["Enter"], "accept, and go to the next one to decide", () => act(accept)],
    [["j", "k"], "next and previous mention in the text", (event) => act(() => step(event.key === "j" ? 1 : -1))],
    [["x", "Delete", "Backspace"], "remove the mention", () => act(remove)],
    [["A"], "accept all mentions of the document", () => act(() => op({ do: "accept_all" }, "All accepted"))],
    [["a"], "begin a new mention at the next word: arrows move it, with Shift its ends", () => act(begin)],
    [["t"], "take what the other side has", () => act(() => settle("other"))],
    [["n", "p"], "next and previous document", (event) => act(() => turn(event.key === "n" ? 1 : -1))],
    [["N"], "next document that is open", () => act(() => turn(1, (row) => row.status === "open"))],
    [["c"], "complete, or open again", () => act(complete)],
    [["C"], "complete, and go to the next that is open", () => act(async () => {
      if (doc.status === "open") await complete();
      await turn(1, (row) => row.status === "open");
    })],
    [["u", "U"], "undo and do again, without limit (Ctrl+Z, Ctrl+Shift+Z)", (event) => act(() => undo(event.key === "u" ? "undo" : "redo"))],
    [["e"], "to the entity of the mention", () => act(() => {
      const one = mention();
      if (one?.entity) entities.choose(one.entity, true);
      else if (entities.chosen() !== null) entities.choose(entities.chosen(), true);
      else nothing();
    })],
    [["m", "v"], "merge its entity with another; say that they are never the same", (event) => {
      const control = $("other-entity");
      if (!control) return act(() => say("Choose a mention or an entity first; one that is alone has no other."));
      $("entities-fold").open = true;
      control.focus();
      say(event.key === "m" ? "Choose the other entity, then Tab and Enter to merge." : "Choose the other entity, then Tab twice and Enter.");
      return undefined;
    }],
    [["s"], "split the mentions that are ticked off their entity", () => act(() => entities.split())],
    [["/"], "find a document", () => {
      $("documents").querySelector("details").open = true;
      $("q").focus();
    }],
    [["d"], "all disagreements with the other side", () => {
      const name = side();
      if (name === null) say("Choose what to compare with first, under “Beside it”.");
      else location.hash = `#/disagreements/${encodeURIComponent(name)}`;
    }],
    [["?"], "these keys", () => help()],
  ];

  const help = () => {
    const rows = [
      [labels().filter(({ key }) => key !== null).map(({ key }) => key).join(" "), `label: ${labels().filter(({ key }) => key !== null).map(({ name }) => name).join(", ")}`],
      ["Shift+← Shift+→", "move the end by a word (with Alt by a letter)"],
      ["Shift+↑ Shift+↓", "move the start by a word (with Alt by a letter)"],
      ["o", "do the same to the other occurrences, when that is offered"],
      ["Esc", "no answer, nothing chosen; from a field back to the text"],
      ...KEYS.map(([keys, says]) => [keys.join(" "), says]),
    ];
    $("help-keys").replaceChildren(...rows.map(([keys, says]) => {
      const row = element("tr");
      const head = element("th");
      head.scope = "row";
      head.append(element("kbd", "", keys));
      row.append(head, element("td", "", says));
      return row;
    }));
    $("help").showModal();
  };

  const escape = () => {
    if (bar.escape()) return undefined;
    if (getSelection()?.isCollapsed === false) {
      passage.select(null);
      return undefined;
    }
    choose(null);
    entities.choose(null);
    return undefined;
  };

  const listen = () => {
    /** @type {Record<string, (event: KeyboardEvent) => unknown>} */
    const actions = {};
    const is_busy = (/** @type {KeyboardEvent} */ event) => !is_open || $("help").open || !$("differences").hidden && !["/", "?"].includes(event.key);
    for (const [names, , action] of KEYS) {
      for (const name of names) {
        actions[name] = (event) => {
          const control = /** @type {Element} */ (event.target).closest?.("button, a, summary");
          if (is_busy(event) || (name === "Enter" && control && !bar_has_focus(control))) return false;
          if (bar.key(name)) return undefined;
          if (name === "Enter") {
            // What is selected becomes a mention with the label that was given last.
            const range = selected();
            if (range) return act(() => add(range, last_label || labels()[0].name));
          }
          return action(event);
        };
      }
    }
    const bar_has_focus = (/** @type {Element} */ control) => control.matches("[data-m], [data-o]");
    for (const name of ["o", "r", "b"]) actions[name] = (event) => (is_busy(event) ? false : bar.key(name));
    for (let nth = 1; nth <= 9; nth++) {
      actions[nth] = (event) => {
        if (is_busy(event)) return false;
        const given = labels().find(({ key }) => key === String(nth));
        if (!given) return false;
        return act(() => label(given.name));
      };
    }
    actions.Escape = () => {
      if (!is_open || $("help").open) return false;
      return $("differences").hidden ? escape() : open(doc.index);
    };
    for (const name of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) actions[name] = (event) => (is_busy(event) ? false : arrow(event));
    page.keys(actions);
    document.addEventListener("keydown", (event) => {
      const field = /** @type {Element} */ (event.target).closest?.("input:not([type=checkbox], [type=range]), select, textarea");
      if (field) {
        // A question does not take the keys of a field.
        if (event.key === "Escape") focus();
        return;
      }
      if (!is_open || $("help").open) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && !event.altKey && (event.key === "z" || event.key === "Z" || event.key === "y")) {
        event.preventDefault();
        const which = event.key === "y" || event.shiftKey ? "redo" : "undo";
        act(() => undo(which));
      }
      if (event.altKey && !command && event.shiftKey && event.key.startsWith("Arrow") && arrow(event)) event.preventDefault();
    });

    passage.root.addEventListener("pointerdown", () => {
      // It may end outside of the text.
      document.addEventListener("pointerup", (event) => {
        exact = event.altKey;
        // The browser sets the selection after this event.
        setTimeout(() => {
          const range = selected();
          if (range) passage.select(range);
          ask_label();
        }, 0);
      }, { once: true });
    });
    passage.root.addEventListener("click", (event) => {
      if (getSelection()?.isCollapsed === false) return;
      const node = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-m], [data-o]"));
      if (!node) return;
      const one = doc.by_id.get(Number(node.dataset.m));
      const only = doc.missing.find((only) => only.start === Number(node.dataset.o));
      act(() => (node.dataset.m !== undefined && one ? choose({ mention: one }) : only && choose({ only })));
    });
    $("previous").addEventListener("click", () => act(() => turn(-1)));
    $("next").addEventListener("click", () => act(() => turn(1)));
    $("undo").addEventListener("click", () => act(() => undo("undo")));
    $("redo").addEventListener("click", () => act(() => undo("redo")));
    $("complete").addEventListener("click", () => act(complete));
    $("keys").addEventListener("click", help);
    $("help-close").addEventListener("click", () => $("help").close());
    $("skip").addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      focus();
    });
    $("beside").addEventListener("change", () => act(beside));
    addEventListener("hashchange", () => {
      clearTimeout(remembering);
      act(route);
    });
    // Another tab may have changed it meanwhile.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && is_open) act(documents.load);
    });
    const narrow = matchMedia("(max-width:59.99rem)");
    const unfold = () => {
      for (const fold of document.querySelectorAll("details.fold")) /** @type {HTMLDetailsElement} */ (fold).open = !narrow.matches;
    };
    narrow.addEventListener("change", unfold);
    unfold();
  };

  const start = async () => {
    about = await server.ask("review");
    last_label = about.labels[0]?.name ?? "";
    $("title").textContent = page.shown(about.title) + (about.annotator === null ? "" : ` · ${page.shown(about.annotator)}`);
    documents.start(about);
    listen();
    const gold = about.beside.find(({ kind }) => kind !== "annotator");
    if (gold) $("beside").value = gold.name;
    await beside();
    await route();
    await documents.progress();
  };
  act(start);

  return {
    act, op, say, fail, open, focus, accept, remove, label, bounds, move, settle, filtered,
    labels, colour, mention,
    about: () => about,
    doc: () => doc,
    chosen: () => chosen,
    index: () => (is_open ? doc.index : undefined),
  };
})();
