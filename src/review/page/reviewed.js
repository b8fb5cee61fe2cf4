/** A document as it stands, kept up by what the server says of each step. */
class Reviewed {
  /** @param {Answered} answered */
  constructor(answered) {
    this.index = answered.index;
    this.id = answered.id;
    this.text = answered.text;
    this.state = answered.state;
    this.error = answered.error;
    this.version = answered.version;
    this.status = answered.status;
    this.can_undo = answered.can_undo;
    this.can_redo = answered.can_redo;
    this.beside = answered.beside;
    /** By place. */
    this.mentions = answered.mentions;
    this.by_id = new Map(answered.mentions.map((mention) => [mention.id, mention]));
    this.entities = new Map(answered.entities.map((entity) => [entity.id, entity]));
    this.longest = 0;
    this.#survey();
  }

  /** The disagreement that a mention is in. @type {Map<number, Disagreement>} */
  differs = new Map();
  /** What only the other side has. @type {Disagreement[]} */
  missing = [];

  #survey() {
    this.mentions.sort((a, b) => a.start - b.start || b.end - a.end || a.id - b.id);
    for (const { start, end } of this.mentions) this.longest = Math.max(this.longest, end - start);
    this.differs.clear();
    this.missing = [];
    for (const one of this.beside?.disagreements ?? []) {
      if (one.settled !== null) continue;
      for (const id of one.mine) this.differs.set(id, one);
      if (one.mine.length === 0) this.missing.push(one);
    }
  }

  /** Takes in what a step changed, and returns the places to draw anew; `null` means all of them. @param {Change} change @returns {Range_[] | null} */
  apply(change) {
    const { version, status, can_undo, can_redo, mentions, entities, disagreements } = change;
    Object.assign(this, { version, status, can_undo, can_redo });
    const changed = [];
    const gone = new Set(mentions.removed);
    for (const mention of mentions.set) gone.add(mention.id);
    for (const id of gone) {
      const old = this.by_id.get(id);
      if (old) changed.push({ start: old.start, end: old.end });
      this.by_id.delete(id);
    }
    if (gone.size > 0) this.mentions = this.mentions.filter((mention) => !gone.has(mention.id));
    for (const mention of mentions.set) {
      this.by_id.set(mention.id, mention);
      this.mentions.push(mention);
      changed.push({ start: mention.start, end: mention.end });
    }
    for (const id of entities.removed) this.entities.delete(id);
    for (const entity of entities.set) this.entities.set(entity.id, entity);
    if (this.beside && disagreements) this.beside.disagreements = disagreements;
    this.#survey();
    return disagreements ? null : changed;
  }

  /** The place of the first mention that begins at or after `at`. @param {number} at */
  place(at) {
    let low = 0;
    for (let high = this.mentions.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.mentions[middle].start < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The mentions that touch a range. @param {Range_} range */
  within({ start, end }) {
    const found = [];
    for (let place = this.place(start - this.longest); place < this.mentions.length && this.mentions[place].start < end; place++) {
      if (this.mentions[place].end > start) found.push(this.mentions[place]);
    }
    return found;
  }

  /** The text of a range. @param {Range_} range */
  surface({ start, end }) {
    return this.text.slice(start, end);
  }

  /** What the other side has in a disagreement. @param {Disagreement} one @returns {Labelled[]} */
  others(one) {
    return one.other.map((place) => /** @type {NonNullable<Answered["beside"]>} */ (this.beside).mentions[place]);
  }

  /** The entity of a mention. @param {Mention} mention */
  entity(mention) {
    return mention.entity === null ? undefined : this.entities.get(mention.entity);
  }
}
