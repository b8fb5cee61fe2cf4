// Turns a text with mentions into elements. Text becomes text nodes, never markup.
const marked = (() => {
  const { element, shown } = page;
  const GAP = 600; // longer stretches without mentions are folded,
  const AROUND = 100; // except for this much next to a mention

  /** Splits a text into lines and stretches to fold: those far from mentions, or, given errors, the lines without any. */
  function rowsOf(text, mentions, errors) {
    const folds = errors === null ? gapsWithoutMentions(text, mentions) : linesWithoutErrors(text, errors);
    const rows = [];
    const lines = (start, end) => {
      while (start < end) {
        const next = text.indexOf("\n", start);
        const stop = next < 0 || next >= end ? end : next;
        if (text.slice(start, stop).trim() !== "") rows.push({ start, end: stop });
        start = stop + 1;
      }
    };
    let done = 0;
    for (const [start, end, folded] of folds) {
      lines(done, start);
      if (text.slice(start, end).trim() !== "") rows.push({ start, end, folded });
      done = end;
    }
    lines(done, text.length);
    return rows;
  }

  function gapsWithoutMentions(text, mentions) {
    const spans = mentions.filter(({ start }) => start >= 0).sort((a, b) => a.start - b.start);
    const folds = [];
    let before = 0;
    for (const { start, end } of [...spans, { start: text.length, end: text.length }]) {
      if (start - before > GAP) {
        const from = text.slice(before + AROUND, start).search(/\s/);
        const to = text.slice(before, start - AROUND).search(/\s\S*$/);
        if (from >= 0 && before + to > before + AROUND + from) folds.push([before + AROUND + from, before + to, "without mentions"]);
      }
      before = Math.max(before, end);
    }
    return folds;
  }

  function linesWithoutErrors(text, errors) {
    const spans = errors.filter(({ start }) => start >= 0);
    const folds = [];
    let done = 0;
    for (const { start, end } of spans) {
      const from = text.lastIndexOf("\n", start) + 1;
      const next = text.indexOf("\n", Math.max(start, end - 1));
      if (from > done) folds.push([done, from, "without matching errors"]);
      done = Math.max(done, next < 0 ? text.length : next + 1);
    }
    if (done < text.length) folds.push([done, text.length, "without matching errors"]);
    return folds;
  }

  /** Assigns items to rows. */
  function place(items, rows) {
    const sorted = items.filter((item) => item.start >= 0 && item.start < item.end).sort((a, b) => a.start - b.start || b.end - a.end);
    for (const item of sorted) {
      for (let index = rowAt(rows, item.start); index < rows.length && rows[index].start < item.end; index++) {
        if (rows[index].end <= item.start) continue;
        const row = rows[index];
        row.items ??= new Map();
        if (!row.items.has(items)) row.items.set(items, []);
        row.items.get(items).push(item);
      }
    }
  }

  /** The last row that starts at or before a position, or the first row. */
  function rowAt(rows, at) {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].start <= at) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }

  /** Writes the text of a row with its items as marks. Crossing marks are closed and opened again. */
  function write(cell, text, row, items, state) {
    let at = row.start;
    let open = [];
    const inner = () => (open.length > 0 ? open[open.length - 1].mark : cell);
    const until = (stop) => {
      if (stop > at) inner().append(shown(text.slice(at, stop)));
      at = Math.max(at, stop);
    };
    const start = (item) => {
      const mark = element("mark", `l${item.colour}${item.style}`);
      if (item.errors.length > 0) {
        mark.dataset.errors = item.errors.join(" ");
        mark.classList.toggle("hit", item.errors.some(state.isMatched));
        mark.classList.toggle("current", item.errors.some(state.isCurrent));
      }
      mark.title = [item.tag, item.failing, item.score === null ? "" : `score ${item.score}`].filter(Boolean).join(" · ");
      inner().append(mark);
      open.push({ item, mark });
    };
    const close = (stop) => {
      for (;;) {
        const next = Math.min(...open.map(({ item }) => Math.min(item.end, row.end)));
        if (open.length === 0 || next > stop) return;
        until(next);
        const outermost = open.findIndex(({ item }) => Math.min(item.end, row.end) === next);
        const closed = open.splice(outermost);
        for (const { item, mark } of closed.slice().reverse()) if (item.end === next) mark.append(tag(item));
        for (const { item } of closed) if (item.end > next && next < row.end) start(item);
      }
    };
    for (const item of items) {
      close(Math.max(item.start, row.start));
      until(Math.max(item.start, row.start));
      start(item);
    }
    close(row.end);
    until(row.end);
  }

  function tag(item) {
    const made = element("b", "", item.tag);
    if (item.failing) made.append(" ", element("i", "", item.failing));
    return made;
  }

  return { rowsOf, place, rowAt, write };
})();
