// Opens documents for a review, or goes on with the one that is kept.
{
  const { $, counted, element, shown } = page;
  /** So often what has changed is written to a folder. The journal has every step at once. */
  const EVERY = 5000;

  document.body.classList.add("closed");
  const tagger = fresh();
  let isOpen = false;
  /** Whether what the browser keeps is nowhere else. */
  let isTheOnly = true;

  const say = (text) => { $("start-said").textContent = shown(text); };
  const guarded = (action) => (...args) => Promise.resolve(action(...args)).catch((error) => {
    say("");
    if (error.name !== "AbortError") $("start-error").textContent = shown(error.message);
  });

  /** Who reviews, if they say so. */
  const annotator = () => {
    const name = $("start-name").value.trim();
    if (!/^[\p{Alphabetic}\p{N}_-]{0,64}$/u.test(name)) throw new Error(`expected a name of letters, digits, - and _, found “${name}”`);
    return name || undefined;
  };

  /** The documents of files; one that cannot be read costs itself. */
  const read = async (taken) => {
    const [documents, notes] = [[], []];
    for (const { name, file } of taken) {
      say(`Reading ${name}…`);
      try {
        const found = await (await tagger).read(await file.arrayBuffer(), name);
        for (const document of found.documents) documents.push({ ...document, id: document.id === file.name ? name : document.id });
        notes.push(...found.errors.map(({ message }) => message), ...found.notices);
      } catch (error) {
        notes.push(`${name}: ${error.message}`);
      }
    }
    if (documents.length === 0) throw new Error(["expected a document to review, found none that can be read", ...notes].join("\n"));
    return { documents, notes };
  };

  /** Whether no other tab has the review open: two would spoil each other's journal. */
  const locked = () => new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);
    // After a reload, the page before may have it for a moment.
    return navigator.locks
      .request("allonym-review", { signal: AbortSignal.timeout(3000) }, () => {
        resolve(true);
        return new Promise(() => undefined);
      })
      // A page from a disk may have no locks.
      .catch((error) => resolve(error.name !== "TimeoutError" && error.name !== "AbortError"));
  });

  /** Shows a review. */
  const open = async ({ title, annotator, documents, notes }, home) => {
    say("Loading…");
    const journal = await home.journal();
    const opened = await (await tagger).review(documents, { title, annotator, journal, keep: home.add });
    if (opened.journalLength < journal.length) await home.cut(opened.journalLength);
    notes = [...notes, ...opened.notes];
    $("kept-said").textContent = shown(home.said);
    $("kept-notes").hidden = notes.length === 0;
    $("kept-notes").firstElementChild.textContent = counted(notes.length, "note");
    $("kept-notes").lastElementChild.replaceChildren(...notes.map((note) => element("li", "", note)));
    isOpen = true;
    isTheOnly = home.isTheOnly;
    document.body.classList.remove("closed");
    $("kept").hidden = false;
    server.begin({ open: opened, home });
    prepare(opened).catch(review.fail);
  };

  /** Tags and links the documents that wait, one by one, so that what the page asks meanwhile is answered between them. */
  const prepare = async (opened) => {
    while (await opened.prepare());
  };

  /** Keeps documents in the browser, and shows them. */
  const take = async (taken, title) => {
    $("start-error").textContent = "";
    const found = await read(taken);
    navigator.storage?.persist?.().catch(() => undefined);
    const about = { title, annotator: annotator(), documents: found.documents };
    const isKept = await shelf.begin(about).then(() => true, () => false);
    await open({ ...about, notes: found.notes }, isKept ? inBrowser : inPage);
  };

  /** Shows the documents of a folder that the browser may write to. */
  const enter = async ({ title, annotator, folder }) => {
    $("start-error").textContent = "";
    const found = await read(sorted(await filesOf(folder)));
    await open({ title, annotator, ...found }, await inFolder(folder, annotator));
    let steps = -1;
    setInterval(() => review.act(async () => {
      const now = (await server.ask("progress")).steps;
      if (now !== steps) await server.ask("export", { format: "jsonl" });
      steps = now;
    }), EVERY);
  };

  const named = (taken) => (taken.length === 1 ? taken[0].name : counted(taken.length, "file"));
  const hasPicker = "showDirectoryPicker" in window;
  $("start-how").textContent = hasPicker
    ? "Steps and corrections of a folder are written into it; those of files are kept in this browser until you save them."
    : "This browser cannot write to a folder: steps are kept in it, and corrections saved as downloads.";

  $("start-files").addEventListener("click", () => $("start-files-field").click());
  $("start-files-field").addEventListener("change", guarded(async () => {
    const taken = chosen($("start-files-field"));
    if (taken.length > 0) await take(taken, named(taken));
  }));
  $("start-folder").addEventListener("click", guarded(async () => {
    if (!hasPicker) return $("start-folder-field").click();
    const folder = await showDirectoryPicker({ mode: "readwrite" });
    const about = { title: folder.name, annotator: annotator(), folder };
    // Where it cannot be kept, it has to be chosen again after a reload.
    await shelf.begin(about).catch(() => undefined);
    return enter(about);
  }));
  $("start-folder-field").addEventListener("change", guarded(async () => {
    const taken = chosen($("start-folder-field"));
    if (taken.length === 0) return;
    // Ids begin inside the folder, as those of the program do.
    const [title] = taken[0].name.split("/");
    await take(taken.map(({ name, file }) => ({ name: name.slice(title.length + 1), file })), title);
  }));
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      if (isOpen || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      document.body.classList.toggle("over", type === "dragover");
    });
  }
  document.addEventListener("drop", guarded(async (event) => {
    if (isOpen) return;
    const taken = await dropped(event);
    if (taken.length > 0) await take(taken, named(taken));
  }));
  $("kept-save").addEventListener("click", () => review.act(async () => {
    const said = await server.ask("export", { format: "jsonl" });
    review.say([`${counted(said.documents, "document")} in ${said.path}`, ...said.errors].join("\n"));
  }));
  $("kept-close").addEventListener("click", guarded(async () => {
    if (isTheOnly && !confirm("Close this review? What this browser keeps of it is gone then: save the corrections first.")) return;
    if (!isTheOnly) await review.act(() => server.ask("export", { format: "jsonl" }));
    await shelf.end();
    location.hash = "";
    location.reload();
  }));

  const start = guarded(async () => {
    if (!(await locked())) throw new Error("the review is open in another tab of this browser: close it there first");
    const about = await shelf.about().catch(() => undefined);
    if (!about) return undefined;
    const { folder } = about;
    if (!folder) return open({ ...about, notes: [] }, inBrowser);
    if ((await folder.queryPermission?.({ mode: "readwrite" })) === "granted") return enter(about);
    $("go-on").textContent = shown(`Go on with ${about.title}`);
    $("go-on").hidden = false;
    $("go-on").addEventListener("click", guarded(async () => {
      if ((await folder.requestPermission({ mode: "readwrite" })) === "granted") await enter(about);
    }));
    return undefined;
  });
  start();
}
