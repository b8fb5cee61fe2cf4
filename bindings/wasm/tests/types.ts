// Checked, not run: the types say what the methods take and return.
import { AllonymError, Tagger, TaggerWorker, type Document } from "allonym";

const tagger = await Tagger.load({ progress: ({ loaded, total }) => loaded / (total ?? loaded), precision: "int8" });
const document: Document = tagger.tag("Rain in Beirut.", { labels: ["LOC"], minScore: 0.5 });
const starts: number[] = document.mentions.map(({ start }) => start);
for (const outcome of tagger.tagAll([{ text: "Fog in Oslo.", url: "x/1" }])) {
  if (outcome instanceof AllonymError) console.log(outcome.message);
  else console.log(outcome.mentions.length, starts);
}
const { entities } = tagger.link([document]);
const names: string[] = entities.map(({ name }) => name);
const page: Uint8Array = tagger.write([document], "html", { title: "Weather" });
const same: boolean = tagger.compare("Ann Lee", "Ann Li").same;
const worker = await TaggerWorker.load();
const answered: Document = await worker.tag("Rain in Beirut.");
const review = tagger.review([document], { annotator: "anna", order: "input", beside: { kind: "gold", documents: [document] } });
const journal: Uint8Array = review.takeJournal();
const [{ name: file }] = review.files();
const open = await worker.review([document], { journal, keep: async (lines) => { console.log(lines.length); } });
const said: unknown = await open.ask("documents/0/ops", { version: 0, op: { do: "accept_all" } });
console.log(file, said);
console.log(names, page.length, same, answered.id);
// @ts-expect-error A text is a string.
tagger.tag(7);
// @ts-expect-error There is no such option.
tagger.tag("Rain", { label: ["LOC"] });
// @ts-expect-error There is no such format.
tagger.write([], "pdf");
// @ts-expect-error The other side is gold or predicted.
tagger.review([], { beside: { kind: "silver", documents: [] } });
