// A question with its answers, each of which has a key.
const bar = (() => {
  const { $, element, button } = page;
  /** @type {HTMLElement} */
  const root = $("bar");
  /** @type {Answer[]} */
  let answers = [];
  /** @type {(() => void) | undefined} */
  let cancelled;

  const hide = () => {
    if (root.hidden) return;
    const had_focus = root.contains(document.activeElement);
    root.hidden = true;
    answers = [];
    cancelled = undefined;
    root.replaceChildren();
    if (had_focus) review.focus();
  };

  /** @param {Answer} answer */
  const answer = ({ action }) => {
    hide();
    review.act(action);
  };

  /**
   * Asks. Escape, or another step, is no answer.
   * @param {string} question @param {Answer[]} given @param {HTMLElement[]} [more] what helps to answer @param {() => void} [on_cancel]
   */
  const ask = (question, given, more = [], on_cancel) => {
    hide();
    answers = given;
    cancelled = on_cancel;
    const buttons = given.map((one) => {
      const made = button("", () => answer(one), one.colour === undefined ? "" : `l${one.colour}`);
      made.append(element("span", one.colour === undefined ? "" : "label", one.text), " ", element("kbd", "", one.key));
      return made;
    });
    const cancel = button("", () => escape());
    cancel.append("Cancel ", element("kbd", "", "Esc"));
    const said = element("bdi", "", question);
    said.setAttribute("role", "status");
    root.replaceChildren(said, ...more, ...buttons, cancel);
    root.hidden = false;
  };

  /** The answer of a key, if it is one. @param {string} key */
  const key = (key) => {
    const one = answers.find((answer) => answer.key === key);
    if (one) answer(one);
    return one !== undefined;
  };

  /** Takes the question back. */
  const escape = () => {
    if (root.hidden) return false;
    const then = cancelled;
    hide();
    then?.();
    return true;
  };

  return { ask, key, escape, hide };
})();
