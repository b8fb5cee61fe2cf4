// Files that are chosen, dropped and saved.

/** The files of a dropped folder, in order of their names. */
const below = async (entry, path = "") => {
  const name = path + entry.name;
  if (entry.isFile) return [{ name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
  const reader = entry.createReader();
  const entries = [];
  for (;;) {
    const more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) break;
    entries.push(...more);
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return (await Promise.all(entries.map((entry) => below(entry, `${name}/`)))).flat();
};

/** Files that begin with a dot are no articles. */
const visible = (list) => list.filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")));

const sorted = (list) => visible(list).sort((a, b) => (a.name < b.name ? -1 : 1));

/** The files that somebody chose in a field, which is empty again then. */
const chosen = (field) => {
  const found = [...field.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  field.value = "";
  return sorted(found);
};

/** The files that were dropped, and those in folders that were. */
const dropped = async (event) => {
  const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  return visible((await Promise.all(entries.map((entry) => below(entry)))).flat());
};

/** Saves bytes as a file. */
const download = (name, bytes) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

