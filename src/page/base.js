"use strict";
// What the scripts of all pages share. Text becomes text nodes, never markup.
const page = (() => {
  /** An element that the page has. @param {string} id @returns {any} */
  const $ = (id) => document.getElementById(id);
  /** @param {number} count */
  const grouped = (count) => count.toLocaleString("en");
  /** @param {number} count @param {string} noun @param {string} [nouns] */
  const counted = (count, noun, nouns = `${noun}s`) => `${grouped(count)} ${count === 1 ? noun : nouns}`;

  const MISLEADING = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;
  /** Shows control characters, and those that turn the direction of a text around. @param {string} text */
  const shown = (text) => text.replace(MISLEADING, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "␡" : `\\u{${code.toString(16)}}`;
  });

  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name @param {string} [className] @param {string} [text]
   */
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = shown(text);
    return made;
  };

  /** @param {string} text @param {(event: MouseEvent) => unknown} action @param {string} [className] */
  const button = (text, action, className) => {
    const made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  };

  /**
   * The actions of keys, while no field to write in has the focus. An action that returns false leaves the key to the browser.
   * @param {Record<string, (event: any) => unknown>} actions
   */
  const keys = (actions) => document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest?.("input:not([type=checkbox], [type=range]), select, textarea")) return;
    if (Object.hasOwn(actions, event.key) && actions[event.key](event) !== false) event.preventDefault();
  });

  const data = () => JSON.parse($("data").textContent);

  return { $, MISLEADING, grouped, counted, shown, element, button, keys, data };
})();
