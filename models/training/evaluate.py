"""Measures the trained pack on the val studies and writes the figures to `metrics.json` in the pack.

Findings: AUROC per finding, and with the images shuffled between studies. Drafts: finding F1, hallucinated sentences,
priors and side errors for the base, without retrieval, with the adapter, and with shuffled images. Gate: in and out rates.
"""
from __future__ import annotations

import json

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from calibrate import ABSENT, NOT_KNOWN
from decoder import Decoder, no_lora
from findings import Finding
from paths import parser, prepare
from train_decoder import Shelf, draft_all, score_all


def auroc(logits: np.ndarray, truth: np.ndarray, findings: list[Finding]) -> dict[str, float]:
    """AUROC of each finding with at least 3 positives."""
    return {f.id: float(roc_auc_score(truth[:, i], logits[:, i])) for i, f in enumerate(findings) if truth[:, i].sum() >= 3}


def drafted(probability_states: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 (micro) of the findings above `likely`."""
    said = (probability_states != ABSENT) & (probability_states != NOT_KNOWN)
    hits, wrong, missed = (said & truth).sum(), (said & ~truth).sum(), (~said & truth).sum()
    return {"f1": float(2 * hits / max(1, 2 * hits + wrong + missed)), "precision": float(hits / max(1, hits + wrong)), "recall": float(hits / max(1, hits + missed))}


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--decoder", default="decoder.pt")
    p.add_argument("--split", default="val")
    args = p.parse_args()
    places = prepare(args)
    shelf = Shelf(places, 0, args.encoder, ("train", "dev", args.split))
    studies, look = shelf.studies[args.split], shelf.plain[args.split]
    coded = np.array([s.coded for s in studies])
    truth = np.array([s.present for s in studies]) > 0
    order = np.roll(np.random.default_rng(args.seed).permutation(len(studies)), 1)
    shuffled = np.empty_like(order)
    shuffled[np.sort(order)] = order
    each = auroc(look.logits[coded], truth[coded], shelf.findings)
    mixed = auroc(look.logits[shuffled][coded], truth[coded], shelf.findings)
    sides = np.array([s.sides for s in studies])
    claimed = shelf.side_calibration.apply(look.sides) > 0
    known = (sides[..., 0] >= 0) & claimed.any(-1)
    report: dict = {
        "split": args.split, "studies": len(studies), "coded": int(coded.sum()),
        "findings": {"count": len(each), "mean_auroc": float(np.mean(list(each.values()))), "auroc": each,
                     "mean_auroc_shuffled_images": float(np.mean(list(mixed.values()))),
                     "drafted": drafted(shelf.predicted(args.split)[coded], truth[coded]),
                     "sides_claimed": float(known.sum() / (sides[..., 0] >= 0).sum()),
                     "side_precision": float((claimed & (sides > 0))[known].sum() / claimed[known].sum())},
        "drafts": {},
    }
    decoder = Decoder(len(shelf.findings), shelf.tokenizer.get_vocab_size())
    decoder.load_state_dict(torch.load(places.work / args.decoder, map_location="cpu", weights_only=False)["decoder"])
    adapter = torch.load(places.work / "adapter.pt", weights_only=False)
    lora = (adapter["a"], adapter["b"])
    systems = {
        "base": (no_lora(), True, None), "base without retrieval": (no_lora(), False, None), "adapter": (lora, True, None),
        "base, images shuffled": (no_lora(), True, shuffled), "adapter, images shuffled": (lora, True, shuffled),
    }
    for name, (matrices, retrieval, images) in systems.items():
        drafts = draft_all(decoder, shelf, args.split, matrices, retrieval, images)
        report["drafts"][name] = score_all(drafts, studies, shelf.findings)
        report["drafts"][name]["mean_sentences"] = float(np.mean([len(a) + len(b) for a, b in drafts]))
    told = [(w.findings, w.impression) for w in shelf.words[args.split]]
    report["drafts"]["the reference itself"] = score_all(told, studies, shelf.findings)
    report["gate"] = json.loads((places.work / "gate.json").read_text())
    (places.pack / "metrics.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
