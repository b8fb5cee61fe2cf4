"""Writes a corpus whose labels are not those of news: PRODUCT, MAKER, EVENT, AWARD and WORK in short reports on trade fairs, games and films.

    python benches/other_labels.py OUT --documents 400 --dev 64

OUT gets train.conll and dev.conll. All text is made up from the patterns below by a seeded generator, the same each time: it says how fast a
head for new labels is learnt, not how well it will do on real text, which is harder. To keep it from being learnt by heart, dev has names and
patterns that train has not, words of names are ordinary words too ("the aurora", "the comet"), and people, places and months, which are
capitalised as well, are no names here.
"""

import argparse
import random
from pathlib import Path

LABELS = ("PRODUCT", "MAKER", "EVENT", "AWARD", "WORK")

STARTS = "Al An Bel Bor Cal Cor Dar Del El Fen Gar Hal Il Jor Kal Kes Lum Mar Mel Nor Or Pel Quo Ros Sel Tal Tor Ul Val Ver Wen Zan Zel".split()
MIDDLES = "a e i o u an ar en er il in on or um".split()
ENDS = "bach com dex dine don dra fex gen land lis lon lux mar mont nex nia phis ra ris sen soft som tek ton tra vik vis zon".split()
COMMON = """aurora bridge canyon comet condor coral delta echo ember falcon forest garden glacier harbour heron horizon island kestrel lantern
lighthouse meadow meridian mirror moon mountain nebula nova ocean orchid pearl pilot prairie quartz rain raven river rocket saffron sail shadow
signal silver sparrow spring star stone storm summer summit sun swan thunder tide tiger timber torch tower valley violet wave willow wind winter
wolf zephyr""".split()
VERSIONS = ["2", "3", "4", "5", "7", "9", "X", "XL", "Pro", "Mini", "Max", "Air", "One", "Plus", "S", "Ultra", "II", "III"]
FIRMS = ["", "", "", "", "Motors", "Labs", "Games", "Studios", "Electronics", "Systems", "Pictures", "Instruments", "& Sons", "Works", "Audio"]
FIELDS = ["Film", "Games", "Motor", "Book", "Camera", "Audio", "Robotics", "Design", "Music", "Watch", "Bicycle", "Toy", "Sailing", "Chess"]
MEETINGS = ["Fair", "Festival", "Show", "Expo", "Week", "Congress", "Open", "Forum", "Cup", "Summit"]
PRIZES = ["Prize", "Award", "Medal", "Trophy", "Cup", "Ribbon"]
PLACES = ["Oslo", "Lisbon", "Turin", "Ghent", "Porto", "Leeds", "Osaka", "Quito", "Graz", "Malmö", "Basel", "Nantes", "Perth", "Halifax", "Tampere"]
PEOPLE_1 = ["Anna", "Piotr", "Mei", "Luis", "Ines", "Tom", "Ravi", "Nadia", "Olga", "Karim", "Greta", "Sam", "Yuki", "Pablo", "Ruth"]
PEOPLE_2 = ["Berg", "Novak", "Tanaka", "Silva", "Moreau", "Clarke", "Rao", "Haddad", "Lindt", "Okoye", "Vogel", "Reyes", "Sato", "Duarte", "Webb"]
MONTHS = ["January", "March", "May", "June", "August", "October", "November"]
THINGS = ["phone", "camera", "car", "speaker", "watch", "bicycle", "laptop", "drone", "console", "lens", "scooter", "printer", "headset", "kettle"]
KINDS = ["film", "novel", "album", "series", "game", "play", "documentary", "opera"]

# {p} product, {m} maker, {e} event, {a} award, {w} work; the others are no names: {who}, {place}, {month}, {thing}, {kind}, {word}, {n}.
TRAIN = """
{m} showed the {p} at {e} in {place} .
{m} has sold {n} million units of the {p} since {month} .
At {e} , {m} unveiled a {thing} that it calls {p} .
The {p} costs {n} dollars , less than the {p} of {m} .
{who} , who runs {m} , said that the {p} would reach shops in {month} .
Reviewers in {place} called the {p} the best {thing} of the year .
{m} , based in {place} , is said to be in talks with {m} .
The {a} went to {who} for {w} .
{w} , a {kind} by {who} , won the {a} at {e} .
{who} has turned down the {a} .
Critics at {e} were cool towards {w} .
{w} opens in {place} in {month} .
Shares of {m} fell {n} percent after the {p} was delayed .
The jury of the {a} met in {place} on Monday .
{e} drew {n} thousand visitors to {place} .
Tickets for {e} go on sale in {month} .
{who} wrote {w} in {place} while the {word} rose over the {word} .
The {p} is a {thing} for people who hate the {word} .
We tried the {p} and the {p} ; both are better than what {m} sold last year .
{m} will not come to {e} , {who} said .
Nobody expected a {kind} like {w} from {who} .
The {word} and the {word} stood still in {place} that {month} .
In {place} , {who} spoke of the {word} and of little else .
{who} bought the {p} from a shop in {place} .
Fans queued in {place} for {w} , the new {kind} .
{m} bought {m} for {n} million dollars .
The {a} is worth {n} dollars .
{who} received the {a} for a {thing} made by {m} .
""".strip().splitlines()
DEV = TRAIN[::2] + """
Is the {p} worth {n} dollars ? {who} thinks so .
A recall of the {p} has cost {m} {n} million .
{who} left {m} to lead {e} .
It is the third {a} for {who} , after {w} and {w} .
Rumours of a cheaper {p} have followed {m} to {place} .
The {kind} {w} was shown for the first time at {e} .
{e} will return to {place} , {who} told reporters .
Before the {a} , few had read {w} .
The {word} was gone when {who} came back to {place} .
A rival of the {p} comes from {m} , a small firm in {place} .
""".strip().splitlines()

Words = list[tuple[str, str]]


class Names:
    """Draws names; those of dev begin otherwise than those of train."""

    def __init__(self, part: str, rng: random.Random) -> None:
        self.rng = rng
        # Every fourth is of dev.
        self.starts, self.common = ([word for nth, word in enumerate(words) if (nth % 4 == 3) == (part == "dev")] for words in (STARTS, COMMON))

    def coined(self) -> str:
        rng = self.rng
        return rng.choice(self.starts) + (rng.choice(MIDDLES) if rng.random() < 0.4 else "") + rng.choice(ENDS)

    def word(self) -> str:
        return self.rng.choice(self.common)

    def name(self, label: str) -> list[str]:
        rng, common = self.rng, self.word().capitalize()
        match label:
            case "PRODUCT":
                base = common if rng.random() < 0.6 else self.coined()
                return [base, *([rng.choice(VERSIONS)] if rng.random() < 0.6 else [])]
            case "MAKER":
                base = self.coined() if rng.random() < 0.7 else common
                return [base, *rng.choice(FIRMS).split()]
            case "EVENT":
                place = [rng.choice(PLACES)] if rng.random() < 0.5 else [common]
                return [*place, rng.choice(FIELDS), rng.choice(MEETINGS), *([str(rng.randint(2019, 2027))] if rng.random() < 0.3 else [])]
            case "AWARD":
                return [rng.choice(["Golden", "Silver", "Crystal", common]), *rng.choice([[common], [rng.choice(FIELDS), rng.choice(PRIZES)], [rng.choice(PRIZES)]])]
            case _:
                return rng.choice([["The", common], [common, "of", "the", self.word().capitalize()], [common], ["The", common, "and", "the", self.word().capitalize()], ["A", common, "in", rng.choice(MONTHS)]])


KEYS = dict(zip(("p", "m", "e", "a", "w"), LABELS))


def sentence(pattern: str, names: Names) -> Words:
    rng = names.rng
    plain = {
        "place": lambda: rng.choice(PLACES), "month": lambda: rng.choice(MONTHS), "thing": lambda: rng.choice(THINGS),
        "kind": lambda: rng.choice(KINDS), "word": names.word, "n": lambda: str(rng.randint(2, 900)),
        "who": lambda: f"{rng.choice(PEOPLE_1)} {rng.choice(PEOPLE_2)}",
    }
    words: Words = []
    for part in pattern.split():
        key = part[1:-1] if part.startswith("{") else None
        if key in KEYS:
            name = names.name(KEYS[key])
            words += [(word, ("B-" if nth == 0 else "I-") + KEYS[key]) for nth, word in enumerate(name)]
        else:
            words += [(word, "O") for word in (plain[key]() if key else part).split()]
    if words[0][1] == "O":
        words[0] = (words[0][0][:1].upper() + words[0][0][1:], "O")
    return words


def document(part: str, number: int) -> list[Words]:
    rng = random.Random(f"{part} {number}")
    names = Names(part, rng)
    patterns = TRAIN if part == "train" else DEV
    return [sentence(rng.choice(patterns), names) for _ in range(rng.randint(5, 9))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--dev", type=int, default=64)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for part, n in (("train", args.documents), ("dev", args.dev)):
        with (args.out / f"{part}.conll").open("w", encoding="utf-8") as file:
            for number in range(n):
                file.write("-DOCSTART- O\n\n")
                for words in document(part, number):
                    file.writelines(f"{word} {tag}\n" for word, tag in words)
                    file.write("\n")


if __name__ == "__main__":
    main()
