"""Turns logits into probabilities and probabilities into finding states, by what the dev studies show."""
from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as fn

from findings import Finding

ABSENT, PRESENT, UNCERTAIN, NOT_KNOWN, LEFT, RIGHT, BILATERAL = range(7)


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


def best_threshold(probability: np.ndarray, truth: np.ndarray, beta: float) -> float:
    """The threshold with the highest F-beta, smoothed by half a pseudo error so that rare findings stay cautious."""
    best, chosen = 0.0, float(probability.max()) + 1e-3
    for t in np.unique(probability):
        drafted = probability >= t
        hits = float((drafted & (truth > 0)).sum())
        wrong, missed = float((drafted & (truth == 0)).sum()), float((~drafted & (truth > 0)).sum())
        score = (1 + beta**2) * hits / ((1 + beta**2) * hits + beta**2 * missed + wrong + 1)
        if score > best:
            best, chosen = score, float(t) - 1e-6
    return chosen


def calibrate(logits: np.ndarray, truth: np.ndarray, findings: list[Finding], beta_likely: float, beta_possible: float) -> list[Calibration]:
    """logits, truth [n,F] of coded dev studies → one calibration a finding."""
    result = []
    for f, _ in enumerate(findings):
        positives = int(truth[:, f].sum())
        temperature, bias = fit_scale(logits[:, f].astype(np.float32), truth[:, f])
        probability = 1 / (1 + np.exp(-(logits[:, f] / temperature + bias)))
        likely = min(0.98, max(0.15, best_threshold(probability, truth[:, f], beta_likely)))
        possible = min(likely, max(0.05, best_threshold(probability, truth[:, f], beta_possible)))
        auroc = float(roc_auc_score(truth[:, f], logits[:, f])) if positives else 0.5
        result.append(Calibration(temperature, bias, likely, possible, positives / len(truth), auroc))
    return result


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
