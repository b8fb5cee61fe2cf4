// The page of disagreements with another side.
const differences = (() => {
  const { $, grouped, element } = page;
  const LISTED = 500;
  const CLASSES = /** @type {Record<string, string>} */ ({ wrong_type: "label", boundary_and_type: "bounds and label", split: "in pieces", merge: "in one" });

  /** @param {Listed} one @param {Disagreements} said */
  const difference = (one, said) => {
    if (one.mine.length === 0) return `only ${said.other}`;
    if (one.other.length === 0) return `only ${said.one}`;
    return CLASSES[one.class] ?? "bounds";
  };

  /** @param {number | null} value */
  const figure = (value) => (value === null ? "none" : value.toFixed(3));

  /** @param {Disagreements} said */
  const figures = (said) => {
    const list = element("dl");
    /** @param {string} name @param {string} value */
    const add = (name, value) => list.append(element("dt", "", name), element("dd", "", value));
    add("Documents that both have worked on", grouped(said.documents));
    add("Cohen's kappa, all words", `${figure(said.kappa)} (${grouped(said.agreed)} of ${grouped(said.words)} words agree)`);
    add("Kappa, words that either has in a mention", `${figure(said.annotated.kappa)} (${grouped(said.annotated.agreed)} of ${grouped(said.annotated.words)})`);
    add("Krippendorff's alpha", figure(said.alpha));
    add("F1 of mentions", figure(said.f1));
    list.id = "figures";
    return list;
  };

  /** @param {Labelled[]} side @param {Listed} one */
  const labels = (side, one) => {
    const made = element("td");
    if (side.length === 0) made.append(element("small", "", "none"));
    for (const { start, end, label } of side) {
      made.append(card.tag(label), " ");
      if (start !== one.start || end !== one.end) made.append(element("bdi", "", one.marked.slice(start - one.start, end - one.start)), " ");
    }
    return made;
  };

  /** @param {string} name */
  const show = async (name) => {
    /** @type {Disagreements} */
    const said = await server.ask(`disagreements${server.query({ with: name })}`);
    const title = element("h2", "", `${said.one} and ${said.other}`);
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const text of ["Document", "Text", said.one, said.other, "Difference", "Settled"]) {
      const cell = element("th", "", text);
      cell.scope = "col";
      head.append(cell);
    }
    const body = table.createTBody();
    let left = 0;
    for (const { index, id, disagreements } of said.listed) {
      for (const one of disagreements) {
        if (body.rows.length >= LISTED) {
          left++;
          continue;
        }
        const row = body.insertRow();
        const link = element("a", "", id);
        link.href = `#/${index}/${one.start}`;
        const where = element("td");
        where.append(link);
        const text = element("td");
        const context = element("bdi");
        context.append(element("small", "", one.before), element("strong", "", one.marked), element("small", "", one.after));
        text.append(context);
        row.append(where, text, labels(one.mine, one), labels(one.other, one), element("td", "", difference(one, said)), element("td", "", one.settled === null ? "" : "yes"));
      }
    }
    const wide = element("div", "wide");
    wide.append(table);
    const back = element("a", "", "Back to the document");
    back.href = `#/${review.index() ?? 0}`;
    $("differences").replaceChildren(title, figures(said), wide);
    if (left > 0) $("differences").append(element("p", "note", `and ${grouped(left)} more: settle some, then open this page again`));
    if (body.rows.length === 0) wide.replaceChildren(element("p", "note", "There are none."));
    $("differences").append(back);
    title.tabIndex = -1;
    title.focus();
  };

  return { show };
})();
