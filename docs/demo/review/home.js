// Where a review is kept: in the browser, or in a folder that the browser may write to.

/** The review that is open, which a reload goes on with: its title, and either its documents or its folder. */
const shelf = (() => {
  const request = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const opened = () => {
    const asked = indexedDB.open("allonym-review", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("review");
      asked.result.createObjectStore("journal", { autoIncrement: true });
    };
    return request(asked);
  };
  let base;

  /** Does something to both stores at once, and returns when it is on the disk. */
  const change = async (work) => {
    base ??= opened();
    const step = (await base).transaction(["review", "journal"], "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      step.oncomplete = resolve;
      step.onerror = step.onabort = () => reject(step.error ?? new Error("the browser keeps nothing here"));
    });
    work(step.objectStore("review"), step.objectStore("journal"));
    await done;
  };
  const read = async (store, what) => {
    base ??= opened();
    return request((await base).transaction(store).objectStore(store)[what]("open"));
  };

  return {
    /** Begins a review in the place of the one before. */
    begin: (about) => change((review, journal) => {
      journal.clear();
      review.put(about, "open");
    }),
    about: () => read("review", "get"),
    lines: async () => {
      base ??= opened();
      return request((await base).transaction("journal").objectStore("journal").getAll());
    },
    add: (lines) => change((_, journal) => journal.add(lines)),
    end: () => change((review, journal) => {
      journal.clear();
      review.clear();
    }),
  };
})();

/** The browser: the journal is in its database, and files are saved as downloads. */
const inBrowser = {
  said: "Kept in this browser.",
  isTheOnly: true,
  journal: async () => new Uint8Array(await new Blob(await shelf.lines()).arrayBuffer()),
  add: (lines) => shelf.add(lines),
  // What the database has is whole.
  cut: async () => undefined,
  named: (name) => name,
  write: async (files) => {
    for (const { name, bytes } of files) {
      const isEmpty = name.endsWith("constraints.tsv") && bytes.indexOf(10) === bytes.length - 1;
      if (!isEmpty) download(name, bytes);
    }
  },
};

/** The page alone, in a browser that keeps nothing. */
const inPage = {
  ...inBrowser,
  said: "This browser keeps nothing here: save the corrections before you close the page.",
  journal: async () => new Uint8Array(),
  add: async () => undefined,
};

/** A folder inside the one that was opened: what the program writes beside a folder. */
const inFolder = async (opened, annotator) => {
  const name = `${opened.name || "news"}.review`;
  const folder = await opened.getDirectoryHandle(name, { create: true });
  const journal = await folder.getFileHandle(annotator === undefined ? "journal.jsonl" : `${annotator}.journal.jsonl`, { create: true });
  /** A file is replaced as a whole when it is closed. */
  const change = async (file, work) => {
    const writable = await file.createWritable({ keepExistingData: true });
    await work(writable);
    await writable.close();
  };
  return {
    said: `Kept in ${opened.name}/${name}.`,
    isTheOnly: false,
    journal: async () => new Uint8Array(await (await journal.getFile()).arrayBuffer()),
    add: async (lines) => {
      const { size } = await journal.getFile();
      await change(journal, (writable) => writable.write({ type: "write", position: size, data: lines }));
    },
    cut: (length) => change(journal, (writable) => writable.truncate(length)),
    named: (file) => `${opened.name}/${name}/${file}`,
    write: async (files) => {
      for (const { name, bytes } of files) {
        await change(await folder.getFileHandle(name, { create: true }), async (writable) => {
          await writable.truncate(0);
          await writable.write(bytes);
        });
      }
    },
  };
};

/** The files of a folder, without those of its review. */
const filesOf = async (folder, path = "") => {
  const found = [];
  for await (const [name, entry] of folder.entries()) {
    if (entry.kind === "file") found.push({ name: path + name, file: await entry.getFile() });
    else if (path !== "" || name !== `${folder.name || "news"}.review`) found.push(...(await filesOf(entry, `${path}${name}/`)));
  }
  return found;
};

