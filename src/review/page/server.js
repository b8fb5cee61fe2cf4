// Asks the server, with the key of the page's address.
const server = (() => {
  const key = new URLSearchParams(location.search).get("key") ?? "";

  /** What the server did not do, and why. `code` is "gone" where nobody answers. */
  class Refusal extends Error {
    /** @param {string} code @param {string} detail @param {number[]} [mentions] those in the way */
    constructor(code, detail, mentions = []) {
      super(detail);
      this.code = code;
      this.mentions = mentions;
    }
  }

  /** @param {string} path @param {unknown} [body] what is posted @returns {Promise<any>} */
  const ask = async (path, body) => {
    /** @type {RequestInit} */
    const options = { headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" } };
    if (body !== undefined) Object.assign(options, { method: "POST", body: JSON.stringify(body) });
    let said, ok;
    try {
      const answer = await fetch(`/api/${path}`, options);
      ok = answer.ok;
      said = await answer.json();
    } catch {
      throw new Refusal("gone", "the server does not answer: start it again with the same command and open the address that it prints; what was saved is kept");
    }
    if (!ok) throw new Refusal(said.code ?? "failed", said.detail ?? said.title ?? "refused", said.mentions);
    return said;
  };

  return { ask, query, Refusal };
})();
