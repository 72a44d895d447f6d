"""Fit the assistant's confidence on labelled questions: `python3 -m tools.fit_confidence`.

Reads kb_articles.jsonl and kb_answer.jsonl of the evaluation data, which is not part of this
repository, and prints the coefficients of `helpdesk.domain.confidence.SHIPPED` with figures that
are cross-validated by knowledge base: fitted on one, measured on the other.

The data: clinc150 (Clinc, CC BY 3.0) and hint3 (Haptik, ODbL 1.0 / DbCL 1.0), selected and
re-labelled. Only the coefficients are shipped, no row of it.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.ai import Article, KnowledgeBase
from helpdesk.domain.confidence import FEATURES, REFUSE_BELOW, features, logistic

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "eval" / "dev"
OUT_OF_SCOPE = "OUT_OF_SCOPE"
STEPS = 50
RIDGE = 0.1  # keeps features that say the same thing from growing against each other


@dataclass(frozen=True)
class Row:
    """One question: what the search said (``None``: nothing found), and whether it was right."""

    values: tuple[float, ...] | None
    right: bool
    in_scope: bool


def main() -> None:
    """Fit, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    data = parser.parse_args().data
    if not (data / "kb_answer.jsonl").is_file():
        parser.exit(1, f"there is no kb_answer.jsonl in {data}: the evaluation data is missing\n")
    bases = read(data)
    scored: list[tuple[float, Row]] = []
    for held_out, rows in bases.items():
        others = [row for name, rest in bases.items() if name != held_out for row in rest]
        weights = fit(others)
        scored += [(confidence(weights, row), row) for row in rows]
    report(scored)
    weights = fit([row for rows in bases.values() for row in rows])
    for name, weight in zip(("intercept", *FEATURES), weights, strict=True):
        print(f"    {name}={weight:.2f},")


def read(data: Path) -> dict[str, list[Row]]:
    """Every question searched for in its own knowledge base."""
    articles: dict[str, list[Article]] = defaultdict(list)
    for item in lines(data / "kb_articles.jsonl"):
        articles[item["kb"]].append(
            Article(
                id=item["article"],
                title=item["title"],
                body="",
                questions=tuple(item["sample_questions"]),
            )
        )
    bases = {name: KnowledgeBase(known) for name, known in articles.items()}
    rows: dict[str, list[Row]] = defaultdict(list)
    for item in lines(data / "kb_answer.jsonl"):
        hit = next(iter(bases[item["kb"]].search(item["text"], 1)), None)
        values = tuple(features(hit.retrieval).values()) if hit else None
        right = hit is not None and hit.article.id == item["label"]
        rows[item["kb"]].append(Row(values, right, item["label"] != OUT_OF_SCOPE))
    return rows


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def fit(rows: Sequence[Row]) -> list[float]:
    """Logistic regression by Newton's method: the intercept, then a weight for each feature."""
    known = [((1.0, *row.values), float(row.right)) for row in rows if row.values]
    size = len(FEATURES) + 1
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [-RIDGE * weight * (at > 0) for at, weight in enumerate(weights)]
        bend = [[RIDGE * (i == j and i > 0) for j in range(size)] for i in range(size)]
        for x, right in known:
            chance = logistic(sum(w * v for w, v in zip(weights, x, strict=True)))
            for i in range(size):
                slope[i] += (right - chance) * x[i]
                for j in range(size):
                    bend[i][j] += chance * (1 - chance) * x[i] * x[j]
        step = solve(bend, slope)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(abs(s) for s in step) < 1e-9:
            break
    return weights


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of matrix x = right, by elimination with the largest pivot."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(size):
            if below != at:
                factor = rows[below][at] / rows[at][at]
                rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


def confidence(weights: Sequence[float], row: Row) -> float:
    """What these weights say of a row; nothing found is no confidence."""
    if row.values is None:
        return 0.0
    return logistic(weights[0] + sum(w * v for w, v in zip(weights[1:], row.values, strict=True)))


def report(scored: Sequence[tuple[float, Row]]) -> None:
    """The figures of every question, each judged by weights that never saw its knowledge base."""
    inside = [(score, row) for score, row in scored if row.in_scope]
    outside = [score for score, row in scored if not row.in_scope]
    print(f"questions {len(scored)}, in scope {len(inside)}")
    print(f"AUROC of 'is right'       {auroc(scored):.3f}")
    print(f"calibration error (ECE)   {calibration_error(scored):.3f}")
    print(f"right article, in scope   {share([row.right for _, row in inside]):.3f}")
    for limit in (REFUSE_BELOW, 0.5, 0.7):
        refused = share([score < limit for score in outside])
        wrong = share([score >= limit and not row.right for score, row in scored])
        right = share([score >= limit and row.right for score, row in inside])
        print(
            f"answering from {limit:.2f}: out of scope refused {refused:.3f},"
            f" wrong of all {wrong:.3f}, right of in scope {right:.3f}"
        )


def share(flags: Sequence[bool]) -> float:
    """How many are true, 0..1."""
    return sum(flags) / len(flags) if flags else math.nan


def auroc(scored: Sequence[tuple[float, Row]]) -> float:
    """The chance that a right answer scores above a wrong one; ties count half."""
    right = [score for score, row in scored if row.right]
    wrong = [score for score, row in scored if not row.right]
    wins = sum((r > w) + 0.5 * (r == w) for r in right for w in wrong)
    return wins / (len(right) * len(wrong))


def calibration_error(scored: Sequence[tuple[float, Row]], bins: int = 10) -> float:
    """The mean gap between confidence and outcome over equally wide bins."""
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, row in scored:
        groups[min(bins - 1, int(score * bins))].append((score, row.right))
    gaps = (abs(sum(s - right for s, right in group)) for group in groups.values())
    return sum(gaps) / len(scored)


if __name__ == "__main__":
    main()
