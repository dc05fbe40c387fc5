"""Trains the side heads of the encoder on its frozen patch tokens, and puts them into `encoder-best.pt`.

Sides are coded for few studies. So the heads are narrow, see each half of the picture by the same weights, and learn only which half shows
more of a finding where just one side is coded; on frozen tokens, so that they cost the findings nothing.
"""
from __future__ import annotations

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as fn

from data import FRONTAL, Study, load_images, load_studies
from encoder import load_encoder
from examples import Looks, look_at
from findings import load_findings
from paths import parser, prepare
from train_encoder import pick_views


def frontal_of(studies: list[Study], look: Looks) -> torch.Tensor:
    """Which of the tokens [n,N] are of frontal views, for plain looks."""
    views, patches = look.mask.shape[1], look.tokens.shape[1] // look.mask.shape[1]
    frontal = np.zeros((len(studies), views), np.float32)
    for row, study in enumerate(studies):
        for slot, i in enumerate(pick_views(study, False, np.random.default_rng(0))):
            frontal[row, slot] = study.views[i] == FRONTAL
    return torch.from_numpy(np.repeat(frontal, patches, 1))


def side_auroc(logits: np.ndarray, sides: np.ndarray) -> float:
    """How well the difference of the two logits tells left from right where just one side is coded, over all findings."""
    one = (sides[..., 0] >= 0) & (sides.sum(-1) == 1)
    return float(roc_auc_score(sides[..., 0][one], (logits[..., 0] - logits[..., 1])[one]))


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--encoder", default="encoder-best.pt")
    args = p.parse_args()
    places = prepare(args)
    encoder, _ = load_encoder(places.work / args.encoder, len(load_findings()))
    images = load_images(places.data, places.work)
    folder = places.work / f"looks-{args.encoder.removesuffix('.pt')}"
    folder.mkdir(exist_ok=True)
    studies = {part: [s for s in load_studies(places.data) if s.part == part] for part in ("train", "dev")}
    looks = {part: look_at(lambda: encoder, group, images, False, 0, folder / f"{part}.npz") for part, group in studies.items()}
    frontal = {part: frontal_of(studies[part], looks[part]) for part in studies}
    sides = torch.tensor([s.sides for s in studies["train"]]).float()
    dev_sides = np.array([s.sides for s in studies["dev"]])

    def on_dev() -> np.ndarray:
        with torch.no_grad():
            return encoder.sides(torch.from_numpy(looks["dev"].tokens.astype(np.float32)), frontal["dev"]).numpy()

    heads = [*encoder.side_narrow.parameters(), *encoder.side_gaze.parameters(), *encoder.side_evidence.parameters()]
    encoder.requires_grad_(False)
    for parameter in heads:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(heads, lr=2e-3, weight_decay=0.3)
    rng, best, kept = np.random.default_rng(args.seed), 0.0, [q.detach().clone() for q in heads]
    for epoch in range(args.epochs):
        for rows in np.array_split(rng.permutation(len(studies["train"])), 60):
            tokens = torch.from_numpy(looks["train"].tokens[rows].astype(np.float32))
            tokens = tokens * (torch.rand(len(rows), tokens.shape[1], 1) > 0.3)
            logits, truth = encoder.sides(tokens, frontal["train"][rows]), sides[rows]
            one = (truth[..., 0] >= 0) & (truth.sum(-1) == 1)
            if not one.any():
                continue
            loss = fn.binary_cross_entropy_with_logits((logits[..., 0] - logits[..., 1])[one], truth[..., 0][one])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        score = side_auroc(on_dev(), dev_sides)
        print(f"epoch {epoch + 1}: loss {float(loss.detach()):.3f}, left against right on dev {score:.3f}", flush=True)
        if score > best:
            best, kept = score, [q.detach().clone() for q in heads]
    with torch.no_grad():
        for parameter, value in zip(heads, kept):
            parameter.copy_(value)
    saved = torch.load(places.work / args.encoder, map_location="cpu", weights_only=False)
    saved["average"]["encoder"] = encoder.state_dict()
    torch.save(saved, places.work / args.encoder)
    for part in studies:
        with torch.no_grad():
            rows = [encoder.sides(torch.from_numpy(looks[part].tokens[i:i + 64].astype(np.float32)), frontal[part][i:i + 64]) for i in range(0, len(studies[part]), 64)]
        stored = dict(np.load(folder / f"{part}.npz"))
        np.savez(folder / f"{part}.npz", **{**stored, "sides": torch.cat(rows).numpy()})


if __name__ == "__main__":
    main()
