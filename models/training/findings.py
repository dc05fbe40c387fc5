"""The finding vocabulary: maps the human MeSH coding of a study to finding labels and sides.

`findings.json` is the single source. A pattern `Head/qual/qual` matches a coded term whose head is equal and whose
qualifiers contain all of the pattern's qualifiers (case is ignored, the order of qualifiers too).
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

LEFT_SITES = {"left", "lingula", "bilateral"}
RIGHT_SITES = {"right", "middle lobe", "bilateral"}
UNCODED = "no indexing"


@dataclass(frozen=True)
class Finding:
    """One finding: `patterns` are (head, qualifiers) pairs in lower case."""

    id: str
    name: str
    sided: bool
    patterns: tuple[tuple[str, frozenset[str]], ...]
    source: dict


def parse_term(term: str) -> tuple[str, frozenset[str]]:
    """`Opacity/lung/left` → ("opacity", {"lung", "left"})."""
    head, *qualifiers = (part.strip().lower() for part in term.split("/"))
    return head, frozenset(qualifiers)


def load_findings(path: Path = Path(__file__).with_name("findings.json")) -> list[Finding]:
    """Reads the vocabulary in its fixed order, which is the order of the model's logits."""
    return [
        Finding(f["id"], f["name"], f["sided"], tuple(parse_term(p) for p in f["mesh"]), f)
        for f in json.loads(path.read_text())
    ]


def is_coded(study: dict) -> bool:
    """Whether a human coded the study: those marked `No Indexing` say nothing about findings."""
    heads = {parse_term(term)[0] for term in study["mesh"]}
    return bool(heads) and UNCODED not in heads


def label(study: dict, findings: list[Finding]) -> tuple[list[int], list[list[int]]]:
    """Coded labels of one study: presence [F] (0, 1) and side [F][2] (left, right; -1 where no side is coded)."""
    terms = [parse_term(term) for term in study["mesh"]]
    present, sides = [], []
    for finding in findings:
        hits = [quals for head, quals in terms for h, q in finding.patterns if head == h and q <= quals]
        left = any(quals & LEFT_SITES for quals in hits)
        right = any(quals & RIGHT_SITES for quals in hits)
        present.append(int(bool(hits)))
        known = finding.sided and (left or right)
        sides.append([int(left), int(right)] if known else [-1, -1])
    return present, sides
