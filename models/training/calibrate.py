"""Turns logits into probabilities and probabilities into finding states, by what the dev studies show."""
from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch.nn import functional as fn

from findings import Finding

ABSENT, PRESENT, UNCERTAIN, NOT_KNOWN, LEFT, RIGHT, BILATERAL = range(7)
LIKELY = 0.5


@dataclass(frozen=True)
class Calibration:
    """Probability = sigmoid(logit / temperature + bias). Above `likely` a finding is drafted, above `possible` offered."""

    temperature: float
    bias: float
    likely: float
    possible: float
    prevalence: float
    auroc: float

    def probability(self, logits: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(logits / self.temperature + self.bias)))

    def as_dict(self) -> dict:
        return asdict(self)


def fit_scale(logits: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Temperature and bias that minimise cross entropy, held near temperature 1 where positives are few."""
    x, y = torch.tensor(logits), torch.tensor(truth, dtype=torch.float32)
    log_temperature, bias = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature, bias], max_iter=50)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = fn.binary_cross_entropy_with_logits(x * (-log_temperature).exp() + bias, y, reduction="sum")
        loss = loss + 4 * log_temperature.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_temperature.exp()), float(bias)


def calibrate(logits: np.ndarray, truth: np.ndarray, findings: list[Finding]) -> list[Calibration]:
    """logits, truth [n,F] of coded dev studies → one calibration a finding.

    One `likely` for all: on halves of dev, thresholds chosen per finding did worse than a common one (F1 0.31 against 0.32,
    at precision 0.34 against 0.38), since most findings have few positives there. It is what is more likely than not: on dev that is where
    about five of a hundred drafted sentences are hallucinated (4.8). What is less likely is offered, not drafted.
    """
    result = []
    for f, _ in enumerate(findings):
        positives = int(truth[:, f].sum())
        prevalence = positives / len(truth)
        temperature, bias = fit_scale(logits[:, f].astype(np.float32), truth[:, f])
        auroc = float(roc_auc_score(truth[:, f], logits[:, f])) if positives else 0.5
        result.append(Calibration(temperature, bias, LIKELY, min(LIKELY, max(0.06, 1.5 * prevalence)), prevalence, auroc))
    return result


@dataclass(frozen=True)
class SideCalibration:
    """Side logits [...,2] → own·logit + other·(logit of the opposite side) + bias; above 0 a side is claimed."""

    own: float
    other: float
    bias: float

    def apply(self, logits):
        """Works on numpy arrays and tensors alike."""
        return self.own * logits + self.other * logits[..., [1, 0]] + self.bias


def fit_sides(logits: np.ndarray, sides: np.ndarray, certainty: float = 0.72) -> SideCalibration:
    """logits, sides [n,F,2] (-1 not coded) of dev studies: left and right alike, a side being claimed from `certainty` on."""
    known = sides[..., 0] >= 0
    x, y = logits[known], sides[known]
    pairs = np.concatenate([x, x[:, ::-1]])
    model = LogisticRegression(C=1.0).fit(pairs, np.concatenate([y[:, 0], y[:, 1]]))
    own, other = (float(w) for w in model.coef_[0])
    return SideCalibration(own, other, float(model.intercept_[0] - np.log(certainty / (1 - certainty))))


def states_of(logits: np.ndarray, sides: np.ndarray, calibrations: list[Calibration], findings: list[Finding]) -> np.ndarray:
    """logits [n,F], side logits [n,F,2] → states [n,F] as the product sets them: present (with side)
    where likely, not known where only possible, else absent."""
    states = np.full(logits.shape, ABSENT, np.int64)
    for f, (finding, calibration) in enumerate(zip(findings, calibrations)):
        probability = calibration.probability(logits[:, f])
        left, right = sides[:, f, 0] > 0, sides[:, f, 1] > 0
        side = np.select([left & right, left, right], [BILATERAL, LEFT, RIGHT], PRESENT) if finding.sided else PRESENT
        states[:, f] = np.where(probability >= calibration.likely, side, np.where(probability >= calibration.possible, NOT_KNOWN, ABSENT))
    return states
