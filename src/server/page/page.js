(() => {
  const { $, keys } = page;
  const { render, step } = tagged;

  let last = 0;
  const tag = async () => {
    const mine = ++last;
    $("error").textContent = "";
    $("status").textContent = "…";
    const headers = { "Content-Type": "text/plain; charset=utf-8" };
    const token = $("token").value;
    if (token) headers.Authorization = `Bearer ${token}`;
    try {
      const answer = await fetch(`/v1/tag?offsets=utf16&min_score=${$("score").value}`, { method: "POST", headers, body: $("text").value });
      const said = await answer.json();
      if (mine !== last) return;
      if (answer.status === 401) $("secret").hidden = false;
      if (!answer.ok) throw new Error(said.detail ?? answer.statusText);
      render(said);
    } catch (error) {
      if (mine !== last) return;
      $("status").textContent = "";
      $("error").textContent = page.shown(error.message);
    }
  };

  $("form").addEventListener("submit", (event) => { event.preventDefault(); tag(); });
  $("score").addEventListener("input", () => { $("least").textContent = Number($("score").value).toFixed(2); });
  $("score").addEventListener("change", tag);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); tag(); }
  });

  keys({ n: step(1), p: step(-1), e: () => $("text").focus() });
})();
