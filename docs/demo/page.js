const { $, counted, grouped, keys, shown } = page;

/** Units of a text whose tagging is not worth a new worker: it is waited for. */
const SHORT = 20_000;
/** Files that go to the worker together. */
const TOGETHER = 8;
/** Words a second, until there is a measure. */
let speed = 2000;

let worker = fresh();
/** The documents that are shown, and whether they are linked across. */
let documents = [];
/** The number of what was asked last: answers to what came before are late. */
let last = 0;
/** What ends the work that goes on. */
let running;

/** Ends what the worker does. Its model is loaded again. */
const stopped = () => {
  const old = worker;
  worker = fresh();
  old.then((old) => old.terminate(), () => undefined);
};

const say = (text) => { $("status").textContent = text; };
const fail = (error) => {
  say("");
  $("error").textContent = shown(error.message);
};

/** Shows how far work has come. */
const progress = (done) => {
  $("progress").hidden = $("stop").hidden = done === undefined;
  if (done === undefined) return;
  $("progress").value = done;
};

/** Begins something new: what went on is given up. */
const begin = (units) => {
  if (running && (running.units > SHORT || units > SHORT)) stopped();
  running = { units };
  $("error").textContent = "";
  $("failures").hidden = true;
  $("explorer").hidden = true;
  progress();
  return ++last;
};

const done = (mine, found) => {
  documents = found;
  $("save").hidden = found.length === 0;
  if (mine === last) running = undefined;
  progress();
};

/** Tags the text. */
const tag = async () => {
  const text = $("text").value;
  const mine = begin(text.length);
  const start = performance.now();
  const estimate = text.length / 6 / speed * 1000;
  const clock = estimate > 1000 && setInterval(() => {
    if (mine !== last) return clearInterval(clock);
    const passed = performance.now() - start;
    progress(Math.min(0.99, passed / estimate));
    say(`Tagging about ${grouped(Math.round(text.length / 6))} words: about ${Math.max(1, Math.ceil((estimate - passed) / 1000))} s left`);
  }, 250);
  try {
    const found = await (await worker).tag({ id: "text", text }, { minScore: Number($("score").value) });
    if (mine !== last) return;
    const passed = performance.now() - start;
    if (text.length > 3000) speed = text.length / 6 / passed * 1000;
    tagged.render(found);
    done(mine, [found]);
    say(`${$("status").textContent}, ${Math.round(passed)} ms`);
    performance.mark("tagged");
  } catch (error) {
    if (mine !== last) return;
    fail(error);
    done(mine, []);
  } finally {
    clearInterval(clock);
  }
};

/** Reads, tags and links files. One that fails costs one. */
const take = async (taken) => {
  const mine = begin(Infinity);
  $("result").hidden = true;
  $("save").hidden = true;
  const failures = [];
  const found = [];
  try {
    for (let at = 0; at < taken.length; at += TOGETHER) {
      progress(at / taken.length);
      say(`${grouped(at)} of ${counted(taken.length, "file")}, ${counted(found.length, "document")}`);
      const read = [];
      for (const { name, file } of taken.slice(at, at + TOGETHER)) {
        try {
          const { documents, errors } = await (await worker).read(await file.arrayBuffer(), name);
          read.push(...documents.map((document) => ({ ...document, id: document.id === file.name ? name : document.id })));
          failures.push(...errors.map((error) => error.message));
        } catch (error) {
          failures.push(`${name}: ${error.message}`);
        }
        if (mine !== last) return;
      }
      const outcomes = await (await worker).tagAll(read, { minScore: Number($("score").value) });
      if (mine !== last) return;
      for (const [nth, outcome] of outcomes.entries()) {
        if (outcome instanceof Error) failures.push(`${read[nth].id}: ${outcome.message}`);
        else found.push(outcome);
      }
    }
    say("Linking…");
    const linked = await (await worker).link(found);
    if (mine !== last) return;
    done(mine, linked.documents);
    const mentions = linked.documents.reduce((sum, { mentions }) => sum + mentions.length, 0);
    say(`${counted(found.length, "document")}, ${counted(mentions, "mention")}, ${counted(linked.entities.length, "entity", "entities")}`);
    $("failures").hidden = failures.length === 0;
    $("failures").firstElementChild.textContent = `${counted(failures.length, "document")} could not be read`;
    $("failures").lastElementChild.replaceChildren(...failures.map((text) => page.element("li", "", text)));
    if (found.length > 0) await explore();
  } catch (error) {
    if (mine !== last) return;
    fail(error);
    done(mine, []);
  }
};

const written = async (format) => {
  const options = { title: documents.length === 1 ? String(documents[0].id) : counted(documents.length, "document"), escapeFormulae: true, byteOrderMark: format === "csv" };
  return (await worker).write(documents, format, options);
};

/** Shows the page that `--to html` writes. */
const explore = async () => {
  $("explorer").srcdoc = new TextDecoder().decode(await written("html"));
  $("explorer").hidden = false;
  $("explorer").scrollIntoView({ block: "start" });
};

const save = async (format) => download(`allonym.${format}`, await written(format));

const guarded = (action) => (...args) => Promise.resolve(action(...args)).catch(fail);

let waiting;
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(tag, 120);
};

$("form").addEventListener("submit", (event) => event.preventDefault());
$("text").addEventListener("input", soon);
$("score").addEventListener("input", () => { $("least").textContent = Number($("score").value).toFixed(2); });
$("score").addEventListener("change", tag);
$("stop").addEventListener("click", () => {
  stopped();
  last++;
  running = undefined;
  progress();
  say("Stopped.");
});
for (const [button, input] of [["open", "files"], ["open-folder", "folder"]]) {
  $(button).addEventListener("click", () => $(input).click());
  $(input).addEventListener("change", guarded(async () => {
    const found = chosen($(input));
    if (found.length > 0) await take(found);
  }));
}
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    $("text").classList.toggle("over", type === "dragover");
  });
}
document.addEventListener("drop", guarded(async (event) => {
  const found = await dropped(event);
  if (found.length > 0) await take(found);
}));
$("explore").addEventListener("click", guarded(explore));
for (const button of document.querySelectorAll("[data-format]")) button.addEventListener("click", guarded(() => save(button.dataset.format)));
keys({ n: tagged.step(1), p: tagged.step(-1), e: () => $("text").focus() });

await tag();
