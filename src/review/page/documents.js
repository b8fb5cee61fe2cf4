// The list of documents with its filters, how far the work is, and the files that are written.
const documents = (() => {
  const { $, grouped, counted, element, button } = page;
  const LISTED = 200;
  const FORMATS = ["jsonl", "conll", "brat", "tsv", "csv", "html", "spacy", "doccano", "prodigy", "label-studio", "hf"];
  /** @type {Row[]} */
  let rows = [];
  let total = 0;
  let shown = LISTED;
  let waiting = -1;

  /** What the filters say of mentions. @type {{ label: string, below: number | null }} */
  let wanted = { label: "", below: null };
  const below = () => (Number($("below").value) === 100 ? null : Number($("below").value) / 100);

  /** Whether the filters let a mention through. @param {Mention} mention */
  const passes = ({ label, score }) => (wanted.label === "" || label === wanted.label) && (wanted.below === null || (score !== null && score < wanted.below));

  const load = async () => {
    wanted = { label: $("label").value, below: below() };
    const with_ = $("only").checked ? $("beside").value : "";
    const query = { order: $("order").value, status: $("status").value, ...wanted, with: with_, q: $("q").value.trim() };
    const said = await server.ask(`documents${server.query(query)}`);
    rows = said.documents;
    total = said.total;
    draw();
  };

  /** @param {Row} row */
  const item = (row) => {
    const made = button("", () => review.open(row.index), "item");
    const is_open = row.index === review.index();
    made.setAttribute("aria-current", String(is_open));
    const state = row.state !== "ready" ? { waiting: "…", failed: "!" }[row.state] : row.status === "complete" ? "✓" : "";
    const said = row.state !== "ready" ? row.state : row.status;
    const mark = element("span", "", state);
    mark.setAttribute("aria-label", said);
    mark.setAttribute("role", "img");
    const least = row.least === null ? "" : `${Math.round(row.least * 100)} %`;
    const differ = row.disagreements === null ? "" : `${row.disagreements} ≠ `;
    made.append(mark, element("bdi", "", row.id), element("small", "number", differ + least));
    made.title = row.error ?? `${said}, ${counted(row.mentions, "mention")}${least && `, the least certain ${least}`}`;
    const entry = element("li");
    entry.append(made);
    return entry;
  };

  /** Shows which one is open. */
  const current = () => {
    const at = place();
    if (at >= shown) return draw();
    const had_focus = $("list").contains(document.activeElement);
    $("list").querySelector("[aria-current=true]")?.setAttribute("aria-current", "false");
    const now = at < 0 ? null : $("list").children[at]?.firstElementChild;
    now?.setAttribute("aria-current", "true");
    if (had_focus) now?.focus();
    if (now && innerWidth >= 960) now.scrollIntoView({ block: "nearest" });
    $("where").textContent = at < 0 ? counted(rows.length, "document") : `document ${grouped(at + 1)} of ${grouped(rows.length)}`;
    return undefined;
  };

  const draw = () => {
    const at = place();
    if (at >= shown) shown = at + LISTED;
    const had_focus = $("list").contains(document.activeElement);
    $("list").replaceChildren(...rows.slice(0, shown).map(item));
    $("more").hidden = rows.length <= shown;
    $("more").textContent = `show more (${grouped(rows.length - shown)} left)`;
    $("listed-n").textContent = rows.length === total ? grouped(total) : `${grouped(rows.length)} of ${grouped(total)}`;
    current();
    if (had_focus) $("list").querySelector("[aria-current=true]")?.focus();
  };

  const place = () => rows.findIndex((row) => row.index === review.index());

  /** The document before or after the one that is open, in the list's order. @param {1 | -1} by @param {(row: Row) => boolean} [fits] */
  const neighbour = (by, fits = () => true) => {
    const at = place();
    for (let nth = at < 0 && by < 0 ? rows.length - 1 : at + by; nth >= 0 && nth < rows.length; nth += by) if (fits(rows[nth])) return rows[nth];
    return undefined;
  };

  /** Takes a row as it is now; its place stays. @param {Row} row */
  const update = (row) => {
    const at = rows.findIndex((old) => old.index === row.index);
    if (at < 0) return;
    rows[at] = row;
    if (at < shown) $("list").children[at]?.replaceWith(item(row));
  };

  /** @param {number} seconds */
  const time = (seconds) => {
    if (seconds < 90) return `${Math.round(seconds)} s`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    return `${(seconds / 3600).toFixed(seconds < 36000 ? 1 : 0)} h`;
  };

  const progress = async () => {
    /** @type {Progress} */
    const said = await server.ask("progress");
    $("bar-complete").max = Math.max(1, said.documents);
    $("bar-complete").value = said.complete;
    const parts = [`${grouped(said.complete)} of ${grouped(said.documents)} complete`];
    if (said.seconds_a_document !== null) parts.push(`${time(said.seconds_a_document)} a document`);
    if (said.seconds_left !== null) parts.push(`about ${time(said.seconds_left)} left`);
    if (said.waiting > 0) parts.push(`${grouped(said.waiting)} still to be tagged`);
    $("progress-text").textContent = parts.join(" · ");
    if (said.writing !== null) review.fail(new Error(said.writing));
    // The list may be older than what the server says at first.
    const is_old = waiting === -1 ? rows.some((row) => row.state === "waiting") : waiting !== said.waiting;
    if (is_old) await load();
    waiting = said.waiting;
  };

  /** Fills the controls. @param {About} about */
  const start = (about) => {
    $("order").value = about.order;
    for (const { name } of about.labels) {
      const option = element("option", "", name);
      option.value = name;
      $("label").append(option);
    }
    for (const { name } of about.beside) {
      const option = element("option", "", name);
      option.value = name;
      $("beside").append(option);
    }
    $("beside-field").hidden = $("only-field").hidden = about.beside.length === 0;
    for (const name of FORMATS) $("format").append(element("option", "", name));
    setInterval(() => {
      if (document.visibilityState === "visible" && waiting !== 0) review.act(progress);
    }, 2000);
    setInterval(() => {
      if (document.visibilityState === "visible" && waiting === 0) review.act(progress);
    }, 30000);
  };

  for (const id of ["order", "status"]) $(id).addEventListener("change", () => review.act(load));
  $("label").addEventListener("change", () => review.act(() => review.filtered()));
  $("below").addEventListener("input", () => {
    $("below-said").textContent = below() === null ? "any" : `${$("below").value} %`;
  });
  $("below").addEventListener("change", () => review.act(() => review.filtered()));
  $("only").addEventListener("change", () => review.act(() => review.filtered()));
  let timer = 0;
  $("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => review.act(load), 150);
  });
  $("more").addEventListener("click", () => {
    shown += LISTED;
    draw();
  });
  $("export").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    review.act(async () => {
      $("exported").textContent = "…";
      const said = await server.ask("export", { format: $("format").value });
      const parts = [`${counted(said.documents, "document")} in ${said.path}`, ...said.errors];
      $("exported").textContent = page.shown(parts.join("\n"));
    });
  });

  return { load, current, neighbour, update, progress, start, passes };
})();
