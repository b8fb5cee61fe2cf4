"use strict";
// What the scripts of all pages share. Text becomes text nodes, never markup.
const page = (() => {
  const $ = (id) => document.getElementById(id);
  const grouped = (count) => count.toLocaleString("en");
  const counted = (count, noun, nouns = `${noun}s`) => `${grouped(count)} ${count === 1 ? noun : nouns}`;

  /** Shows control characters, and those that turn the direction of a text around. */
  const shown = (text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "␡" : `\\u{${code.toString(16)}}`;
  });

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = shown(text);
    return made;
  };

  const button = (text, action, className) => {
    const made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  };

  /** The actions of keys, while no field to write in has the focus. An action that returns false leaves the key to the browser. */
  const keys = (actions) => document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input:not([type=checkbox], [type=range]), select, textarea")) return;
    if (Object.hasOwn(actions, event.key) && actions[event.key](event) !== false) event.preventDefault();
  });

  const data = () => JSON.parse($("data").textContent);

  return { $, grouped, counted, shown, element, button, keys, data };
})();
