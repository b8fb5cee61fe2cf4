// Where words begin and end in a text.
const words = (() => {
  const segmenters = {
    word: new Intl.Segmenter("en", { granularity: "word" }),
    letter: new Intl.Segmenter("en", { granularity: "grapheme" }),
  };
  /** @typedef {keyof typeof segmenters} Unit */
  const NEAR = 120; // letters on either side of a place, and then to white space
  const FAR = 1000;

  /**
   * What is no white space around a place: words, and marks such as a full stop.
   * @param {string} text @param {number} at @param {Unit} unit @returns {Range_[]}
   */
  const around = (text, at, unit) => {
    let from = Math.max(0, at - NEAR);
    while (from > 0 && at - from < FAR && !/\s/.test(text[from])) from--;
    let to = Math.min(text.length, at + NEAR);
    while (to < text.length && to - at < FAR && !/\s/.test(text[to])) to++;
    const found = [];
    for (const { segment, index } of segmenters[unit].segment(text.slice(from, to))) {
      if (/\S/.test(segment)) found.push({ start: from + index, end: from + index + segment.length });
    }
    return found;
  };

  /** The whole words that a selection touches; nothing, if it touches none. @param {string} text @param {Range_} range @returns {Range_ | null} */
  const whole = (text, { start, end }) => {
    const first = around(text, start, "word").find((word) => word.end > start);
    const last = around(text, end, "word").findLast((word) => word.start < end);
    return first && last && first.start < last.end ? { start: first.start, end: last.end } : null;
  };

  /** A range without white space at its ends. @param {string} text @param {Range_} range @returns {Range_ | null} */
  const trimmed = (text, { start, end }) => {
    while (start < end && /\s/.test(text[start])) start++;
    while (start < end && /\s/.test(text[end - 1])) end--;
    return start < end ? { start, end } : null;
  };

  /**
   * The next place for the start or the end of a range.
   * @param {string} text @param {number} at @param {"start" | "end"} edge @param {1 | -1} by @param {Unit} unit
   */
  const next = (text, at, edge, by, unit) => {
    const places = around(text, at, unit).map((word) => word[edge]);
    return (by > 0 ? places.find((place) => place > at) : places.findLast((place) => place < at)) ?? at;
  };

  /** The first word at or after a place. @param {string} text @param {number} at @returns {Range_ | null} */
  const from = (text, at) => {
    for (let place = at; place < text.length; place += NEAR) {
      const found = around(text, place, "word").find((word) => word.start >= at && /[\p{L}\p{N}]/u.test(text.slice(word.start, word.end)));
      if (found) return found;
    }
    return null;
  };

  /** Whether a text is read from right to left. @param {string} text */
  const leftwards = (text) => /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u.test(text);

  return { whole, trimmed, next, from, leftwards };
})();
