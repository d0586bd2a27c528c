"""`make bench-terms [COMMENTS=FILE]`: ten thousand terms looked for in comments, beside one regular expression of them.

English and Thai comments of ordinary length are made up of the words of two packaged vocabularies, one in ten names a
term; FILE (CSV or JSON lines with `text`) takes their place. Prints a table of processor time in turns within one
process, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from statistics import mean, median

from benchmarks.carry_out import carry_out
from classifiers.evaluation.rows import Columns, load, read
from classifiers.terms.folding import fold
from classifiers.terms.matching import Term, Terms
from classifiers.terms.thai import Runs
from classifiers.weights import model_folder
from launcher.child import say
from launcher.signals import StopFlag

TERMS, THAI_TERMS, PHRASES = 10_000, 2_000, 500
COMMENTS = 1_000
# The regular expression needs so long that it reads a part of them.
COMPARED = 40
TURNS = 7
LIMIT_MS = 0.1
LEAST_RATIO = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comments", nargs="?", type=Path, help="CSV or JSON lines with the column text")
    options = parser.parse_args()
    return carry_out(lambda stop_flag: measured(options.comments, stop_flag))


def measured(file: Path | None, stop_flag: StopFlag) -> int:
    """Measure, print the table and the line of JSON; returns the exit status."""
    pick = random.Random(7)
    english, thai = _english(), _thai()
    terms = _terms(pick, english, thai)
    began = time.process_time()
    compiled = Terms(terms)
    compiling = time.process_time() - began
    began = time.process_time()
    expression = re.compile("|".join(rf"(?<!\w){re.escape(term.text)}(?!\w)" for term in terms), re.IGNORECASE)
    compiling_expression = time.process_time() - began
    if file:
        sets = {"file": _read(file)}
    else:
        named = [[one.text for one in terms if one.text.isascii() is latin] for latin in (True, False)]
        sets = {
            "English comments": _comments(pick, english, " ", named[0]),
            "Thai comments": _comments(pick, sorted(set(thai) - set(named[1])), "", named[1]),
        }
    Runs("กาแฟ").stands_alone(0, 2)  # reads the Thai dictionary, once
    rows = {}
    for name, comments in sets.items():
        some = comments[:: max(1, len(comments) // COMPARED)]
        ours: list[float] = []
        theirs: list[float] = []
        folding: list[float] = []
        for _turn in range(TURNS):
            stop_flag.pause(0)
            ours.append(_milliseconds(compiled.find, comments))
            folding.append(_milliseconds(fold, comments))
            theirs.append(_milliseconds(lambda text: list(expression.finditer(text)), some))
        rows[name] = {
            "comments": len(comments),
            "characters": round(mean(map(len, comments))),
            "finds": sum(bool(compiled.find(one)) for one in comments),
            "ms": round(median(ours), 4),
            "worst_turn_ms": round(max(ours), 4),
            "folding_ms": round(median(folding), 4),
            "expression_ms": round(median(theirs), 3),
            "ratio": round(median(theirs) / median(ours), 1),
        }
    return report(rows, compiling, compiling_expression)


def report(rows: dict[str, dict[str, float]], compiling: float, compiling_expression: float) -> int:
    """Print what was measured; returns the exit status."""
    say(f"\n{TERMS:,} terms compiled in {compiling:.2f} s, the expression in {compiling_expression:.2f} s\n")
    heads = "".join(f"{head:>12}" for head in ("characters", "with finds", "terms", "folding", "expression", "ratio"))
    say(f"{'processor time, ms':20}{heads}")
    for name, row in rows.items():
        share = f"{row['finds'] / row['comments']:.0%}"
        times = f"{row['ms']:>12.4f}{row['folding_ms']:>12.4f}{row['expression_ms']:>12.3f}"
        say(f"{name:20}{row['characters']:>12}{share:>12}{times}{row['ratio']:>12}")
    good = True
    say("")
    for name, row in rows.items():
        for what, value, wanted, held in (
            ("ms a comment", row["ms"], f"<= {LIMIT_MS}", row["ms"] <= LIMIT_MS),
            ("times as fast as the expression", row["ratio"], f">= {LEAST_RATIO}", row["ratio"] >= LEAST_RATIO),
        ):
            say(f"{name + ': ' + what:60} {value:>10}   {wanted:8} {'' if held else 'MISSED'}")
            good = good and held
    say(json.dumps({"terms": TERMS, "compiling_s": round(compiling, 3), "sets": rows}))
    return 0 if good else 1


def _milliseconds(work: Callable[[str], object], comments: Sequence[str]) -> float:
    began = time.process_time()
    for text in comments:
        work(text)
    return (time.process_time() - began) * 1000 / len(comments)


def _english() -> list[str]:
    words = (model_folder() / "vocab.txt").read_text(encoding="utf-8").split()
    return [word for word in words if word.isascii() and word.isalpha() and len(word) > 1]


def _thai() -> list[str]:
    text = files("newmm_tokenizer").joinpath("words_th.txt").read_text(encoding="utf-8")
    return [word for word in text.splitlines() if len(word) > 2 and " " not in word]


def _terms(pick: random.Random, english: list[str], thai: list[str]) -> list[Term]:
    """Made-up words that look like English ones, rare Thai words, and phrases of three words."""
    syllables = sorted({word[:3] for word in english} | {word[-3:] for word in english})
    words: set[str] = set()
    while len(words) < TERMS - THAI_TERMS - PHRASES:
        words.add("".join(pick.choices(syllables, k=pick.randint(2, 3))))
    terms = [Term(word, "harassment", 0.5) for word in sorted(words)]
    terms += [Term(word, "harassment", 0.5, language="th") for word in pick.sample(thai, THAI_TERMS)]
    return terms + [Term(" ".join(pick.choices(english, k=3)), "spam", 0.5) for _phrase in range(PHRASES)]


def _comments(pick: random.Random, words: list[str], between: str, named: list[str]) -> list[str]:
    """Comments of 4 to 50 words, most of them short, one in ten with a term; Thai has a space at the end of phrases."""
    comments = []
    for number in range(COMMENTS):
        chosen = pick.choices(words, k=min(50, 4 + round(pick.expovariate(1 / 18))))
        if number % 10 == 0:
            chosen.insert(pick.randrange(len(chosen)), between + pick.choice(named) + between)
        phrases = [between.join(chosen[at : at + 6]) for at in range(0, len(chosen), 6)]
        comments.append((", " if between else " ").join(phrases).capitalize() + (". " if number % 2 else "!"))
    return comments


def _read(file: Path) -> list[str]:
    contents = load(file)
    return [row.text for row in read(contents, Columns(text="text")).rows]


if __name__ == "__main__":
    sys.exit(main())
