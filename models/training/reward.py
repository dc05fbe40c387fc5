"""How well a drafted report states what the human coding says: counts for F1 and hallucination, and a reward for training.

Counts are those of `main/evaluate/clinical.ts`: only what is stated as present is said; a sentence invents if it states
as present what neither the coding nor the reference report, as written, does.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from calibrate import ABSENT
from data import Study
from findings import Finding
from statements import Mention, compares, mentions, read, stated

# A complete draft, findings and impression together.
SHORTEST, LONGEST = 6, 8
SIDE_NAMES = {(1, 0): "left", (0, 1): "right", (1, 1): "bilateral"}


@dataclass
class Score:
    """Sums over reports: findings right, wrong and missed; sentences, those that invent, priors, sides right and wrong."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0
    sentences: int = 0
    invented: int = 0
    priors: int = 0
    side_right: int = 0
    side_wrong: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(a + b for a, b in zip(vars(self).values(), vars(other).values())))

    def summary(self) -> dict[str, float]:
        f1 = 2 * self.hits / max(1, 2 * self.hits + self.wrong + self.missed)
        return {
            "f1": f1, "precision": self.hits / max(1, self.hits + self.wrong), "recall": self.hits / max(1, self.hits + self.missed),
            "hallucinated_sentences": self.invented / max(1, self.sentences), "prior_sentences": self.priors / max(1, self.sentences),
            "side_errors": self.side_wrong / max(1, self.side_right + self.side_wrong),
        }


def report_text(study: Study) -> str:
    """The reference report as it was written, without what was removed for privacy."""
    sections = (re.sub(r"\s+", " ", re.sub(r"X{2,}", " ", study.record[name])) for name in ("findings", "impression"))
    return "\n".join(re.sub(r" (?=[.,;:)])", "", section).strip() for section in sections)


def present(statements: tuple[Mention, ...]) -> set[str]:
    return {finding for finding, state, _ in statements if state == "present"}


def borne_out(study: Study, findings: list[Finding]) -> set[str]:
    """What the coding has or the reference report states as present."""
    return {f.id for f, there in zip(findings, study.present) if there} | present(mentions(report_text(study)))


def side_is_right(said: str, study: Study, f: int) -> bool | None:
    """Whether a side agrees with the coded one, or is one of two coded; None where one of them is not given."""
    truth = SIDE_NAMES.get(study.sides[f])
    if said == "none" or truth is None:
        return None
    return truth in (said, "bilateral")


def score(sentences: list[str], study: Study, findings: list[Finding]) -> Score:
    """One draft against the coding and the reference."""
    read([*sentences, report_text(study)])
    said, true = stated(sentences), borne_out(study, findings)
    result = Score(sentences=len(sentences))
    for f, finding in enumerate(findings):
        state, side = said.get(finding.id, ("absent", "none"))
        drafted, there = state == "present", bool(study.present[f])
        result.hits += drafted and there
        result.wrong += drafted and not there
        result.missed += not drafted and there
        right = side_is_right(side, study, f) if drafted and there else None
        result.side_right += right is True
        result.side_wrong += right is False
    for sentence in sentences:
        result.invented += bool(present(mentions(sentence)) - true)
        result.priors += compares(sentence)
    return result


@dataclass(frozen=True)
class Worth:
    """What a draft is worth in all, and what each of its sentences adds to that by itself."""

    total: float
    sentences: list[float]


def reward(
    drafted: list[str], impression: list[str], study: Study, findings: list[Finding], states: np.ndarray, snippets: list[str]
) -> Worth:
    """What a draft is worth, given the finding states and snippets it was written from; `study` must be coded.

    Earned by findings rightly stated as present, with the right side, and by those rightly denied; lost by findings missed,
    denied though there, or invented (more so where neither state nor snippet supports them), by wrong sides, sentences
    that invent, priors, repeats, contradictions and a length beyond SHORTEST…LONGEST.
    """
    sentences = drafted + impression
    said, true, told = stated(sentences), borne_out(study, findings), present(tuple(m for s in snippets for m in mentions(s)))
    index = {finding.id: f for f, finding in enumerate(findings)}
    # What each sentence is the first to state of a finding.
    each, known = [], set()
    for at, sentence in enumerate(sentences):
        value = -1.0 * compares(sentence) - 0.15 * bool(present(mentions(sentence)) - true)
        value -= 0.4 * (sentence in (drafted[:at] if at < len(drafted) else impression[:at - len(drafted)]))
        for id_, state, side in mentions(sentence):
            f = index[id_]
            if said[id_][0] != state:
                value -= 0.3 * (state == "absent" and said[id_][0] == "present")
            elif id_ not in known:
                known.add(id_)
                value += 0.5 * statement_worth(state, side, study, f, id_ in true, states[f] != ABSENT or id_ in told)
        each.append(value)
    missed = sum(1 for f, finding in enumerate(findings) if study.present[f] and finding.id not in said)
    beyond = max(0, SHORTEST - len(sentences)) + max(0, len(sentences) - LONGEST)
    unfinished = not drafted or not impression
    return Worth(float(np.clip(sum(each) - 0.4 * missed - 0.25 * beyond - 0.8 * unfinished, -5, 4)), each)


def statement_worth(state: str, side: str, study: Study, f: int, true: bool, supported: bool) -> float:
    """Of one finding stated: `true` by coding or reference, `supported` by the image's states or a snippet."""
    if state == "present":
        if study.present[f]:
            right = side_is_right(side, study, f)
            return 1.2 if right is None else 1.5 if right else 0.6
        return 0.0 if true else -0.4 if supported else -1.0
    if study.present[f]:
        return -1.2 if state == "absent" else -0.4
    return 0.05 if state == "absent" and not true else 0.0
