"""How well a drafted report states what the human coding says: counts for F1 and hallucination, and a reward for training."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data import Study
from findings import Finding
from statements import compares, mentions, stated


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


def score(sentences: list[str], study: Study, reference: list[str], findings: list[Finding]) -> Score:
    """One draft against the coding; a sentence invents if it states a finding that neither coding nor reference has."""
    said, told = stated(sentences), stated(reference)
    index = {f.id: i for i, f in enumerate(findings)}
    result = Score(sentences=len(sentences))
    for f, finding in enumerate(findings):
        drafted = said.get(finding.id, ("absent", ""))[0] != "absent"
        result.hits += drafted and bool(study.present[f])
        result.wrong += drafted and not study.present[f]
        result.missed += not drafted and bool(study.present[f])
        side = said.get(finding.id, ("absent", "none"))[1]
        if drafted and study.present[f] and side != "none" and study.sides[f][0] >= 0:
            truth = {(1, 0): "left", (0, 1): "right", (1, 1): "bilateral"}.get(study.sides[f], "none")
            ok = side == truth or (truth == "bilateral") or (side == "bilateral" and truth != "none")
            result.side_right += ok
            result.side_wrong += not ok
    for sentence in sentences:
        positives = [m for m in mentions(sentence) if m[1] != "absent"]
        result.invented += any(not study.present[index[m[0]]] and told.get(m[0], ("absent", ""))[0] == "absent" for m in positives)
        result.priors += compares(sentence)
    return result


def reward(sentences: list[str], impression: list[str], study: Study, reference: list[str], findings: list[Finding]) -> float:
    """Right findings minus invented ones, priors, wrong sides, repeats, and length beyond the reference's."""
    s = score(sentences + impression, study, reference, findings)
    total = len(sentences) + len(impression)
    repeats = len(sentences) - len(set(sentences)) + len(impression) - len(set(impression))
    value = (1.6 * s.hits - 0.8 * s.wrong - 0.8 * s.missed) / (1.0 + s.hits + s.missed) - 0.5 * s.side_wrong - 0.2 * s.invented - 1.0 * s.priors
    value -= 0.5 * repeats + 0.05 * abs(total - min(9, max(5, len(reference)))) + (0.5 if not sentences or not impression else 0)
    return float(np.clip(value, -4, 2))
