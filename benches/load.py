#!/usr/bin/env python3
"""Load on a server of this machine: articles of 500 words from several callers, for a time.

    python3 benches/load.py 127.0.0.1:8019 --callers 32 --seconds 20
    python3 benches/load.py 127.0.0.1:8019 --callers 32 --seconds 20 --rate 40    # articles a second, evenly

Prints articles and words a second and how long answers take. Needs nothing but Python; takes the articles of eval/articles.
"""

import argparse
import http.client
import json
import pathlib
import threading
import time


def articles(n_words):
    """Texts of about so many words, from the sample articles."""
    folder = pathlib.Path(__file__).resolve().parent.parent / "eval" / "articles"
    words = [word for path in sorted(folder.glob("*.txt")) for word in path.read_text(encoding="utf-8").split(" ")]
    starts = range(0, len(words), 97)
    return [" ".join((words + words)[start : start + n_words]) for start in starts]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="HOST:PORT of a server on this machine")
    parser.add_argument("--callers", type=int, default=32, help="callers at a time, at most 256 [32]")
    parser.add_argument("--seconds", type=float, default=10, help="for how long, at most 900 [10]")
    parser.add_argument("--words", type=int, default=500, help="words of an article [500]")
    parser.add_argument("--rate", type=float, default=0, help="articles a second over all callers [as many as can be]")
    parser.add_argument("--save", help="write the articles into this file as JSONL and stop, for `allonym tag`")
    args = parser.parse_args()
    host, _, port = args.address.rpartition(":")
    if host not in ("127.0.0.1", "localhost", "[::1]"):
        parser.error(f"expected an address of this machine, found {args.address}")
    texts = articles(args.words)
    if args.save:
        lines = (json.dumps({"id": str(n), "text": texts[n % len(texts)]}, ensure_ascii=False) + "\n" for n in range(4000))
        pathlib.Path(args.save).write_text("".join(lines), encoding="utf-8")
        return
    bodies = [json.dumps({"text": text}).encode() for text in texts]
    begin = time.perf_counter() + 0.1
    end = begin + min(args.seconds, 900)
    taken, failures, lock = [], [], threading.Lock()
    turn = iter(range(10**9))

    def call():
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        while True:
            with lock:
                nth = next(turn)
            # Evenly spaced, and late answers count from when they were due.
            due = begin + nth / args.rate if args.rate else max(begin, time.perf_counter())
            time.sleep(max(0.0, due - time.perf_counter()))
            if due >= end or time.perf_counter() >= end:
                return
            try:
                connection.request("POST", "/v1/tag", bodies[nth % len(bodies)], {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError as error:
                status = str(error)
                connection.close()
            with lock:
                (taken if status == 200 else failures).append(time.perf_counter() - due if status == 200 else status)

    callers = [threading.Thread(target=call) for _ in range(min(args.callers, 256))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    seconds = time.perf_counter() - begin
    taken.sort()
    at = lambda share: 1000 * taken[min(len(taken) - 1, int(share * len(taken)))] if taken else float("nan")
    n_words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{len(taken)} articles in {seconds:.1f} s: {len(taken) / seconds:.1f} articles/s, {len(taken) * n_words / seconds:.0f} words/s")
    print(f"milliseconds: p50 {at(0.5):.0f}, p90 {at(0.9):.0f}, p99 {at(0.99):.0f}, longest {at(1):.0f}")
    if failures:
        print(f"{len(failures)} failed: {sorted(set(map(str, failures)))}")


if __name__ == "__main__":
    main()
