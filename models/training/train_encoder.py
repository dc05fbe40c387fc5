"""Trains an image encoder and a text projection together: the pack's, or with `--second` the one on a larger backbone whose
finding logits are blended into the first's.

Losses: findings (weighted BCE), every common coded term with its qualifiers (an auxiliary task that the
pack does not carry), views, image–report contrast against a bank of all training reports (targets softened by how alike the
reports' own codings are), and prompts: "pleural effusion" against "no pleural effusion", left against right, so that the joint space knows
negation and side. Keeps an average of the weights, which is what ships.
"""
from __future__ import annotations

import copy
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as fn

from augment import augment
from data import FRONTAL, SIZE, Study, load_images, load_studies
from encoder import LITE0, LITE2, ImageEncoder, TextProjection
from findings import Finding, load_findings, parse_term
from paths import parser, prepare
from report import clean_text
from text import encode_texts

MAX_VIEWS = 2
AVERAGE = 0.998


def pick_views(study: Study, training: bool, rng: np.random.Generator) -> list[int]:
    """Positions of the views to use: at most two, one of each projection first; in training sometimes one alone."""
    order = list(rng.permutation(len(study.rows))) if training else list(range(len(study.rows)))
    first = {}
    for i in order:
        first.setdefault(study.views[i], i)
    chosen = [first[v] for v in sorted(first)]
    for i in order:
        if len(chosen) < MAX_VIEWS and i not in chosen:
            chosen.append(i)
    if training and len(chosen) > 1 and rng.random() < 0.2:
        chosen = [chosen[rng.integers(len(chosen))]] if rng.random() < 0.4 else chosen[:1]
    return chosen


def batch_of(studies: list[Study], images: np.ndarray, training: bool, rng: np.random.Generator, size: int) -> dict:
    """images [B,2,1,size,size], views [B,2], mask [B,2] and labels as tensors; absent views are black and masked."""
    b = len(studies)
    pixels = torch.zeros(b, MAX_VIEWS, 1, SIZE, SIZE)
    views = torch.zeros(b, MAX_VIEWS, dtype=torch.long)
    mask = torch.zeros(b, MAX_VIEWS)
    for row, study in enumerate(studies):
        for slot, i in enumerate(pick_views(study, training, rng)):
            pixels[row, slot, 0] = torch.from_numpy(images[study.rows[i]].astype(np.float32)) / 255
            views[row, slot] = study.views[i]
            mask[row, slot] = 1
    flat = pixels.flatten(0, 1)
    if training:
        flat = augment(flat, size)
    elif size != SIZE:
        flat = fn.interpolate(flat, (size, size), mode="area")
    return {
        "images": flat.reshape(b, MAX_VIEWS, 1, size, size), "views": views, "mask": mask,
        "present": torch.tensor([s.present for s in studies]).float(),
        "coded": torch.tensor([s.coded for s in studies]).float(),
        "sides": torch.tensor([s.sides for s in studies]).float(),
    }


def report_bank(studies: list[Study], work: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Semantic vectors of whole reports [n,384] and of up to 8 single sentences a study [n,8,384] (cycled)."""
    cache = work / "report-bank.npz"
    if not cache.exists():
        sentences = [clean_text(s.record["findings"]) + clean_text(s.record["impression"]) or ["no text"] for s in studies]
        unique = sorted({x for group in sentences for x in group})
        vectors, _ = encode_texts(work, unique)
        index = {x: i for i, x in enumerate(unique)}
        whole, _ = encode_texts(work, [". ".join(group) for group in sentences])
        parts = np.stack([vectors[[index[group[k % len(group)]] for k in range(8)]] for group in sentences])
        np.savez(cache, whole=whole, parts=parts)
    stored = np.load(cache)
    return torch.from_numpy(stored["whole"]), torch.from_numpy(stored["parts"])


@torch.no_grad()
def measure(encoder: ImageEncoder, studies: list[Study], images: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Logits [n,F], embeddings [n,J] and the mean AUROC over findings with at least 3 positives."""
    encoder.eval()
    rng = np.random.default_rng(0)
    logits, embeddings = [], []
    for start in range(0, len(studies), 16):
        batch = batch_of(studies[start:start + 16], images, False, rng, SIZE)
        with torch.autocast("cpu", torch.bfloat16):
            out = encoder(batch["images"], batch["views"], batch["mask"])
        logits.append(out["logits"].float())
        embeddings.append(out["embedding"].float())
    scores = torch.cat(logits).numpy()
    return scores, torch.cat(embeddings).numpy(), mean_auroc(scores, studies)


def mean_auroc(scores: np.ndarray, studies: list[Study]) -> float:
    """Mean AUROC of the coded studies over findings with at least 3 positives."""
    keep = np.array([s.coded for s in studies])
    truth = np.array([s.present for s in studies])[keep]
    return float(np.mean([roc_auc_score(truth[:, f], scores[keep][:, f]) for f in range(truth.shape[1]) if truth[:, f].sum() >= 3]))


def term_labels(studies: list[Study], least: int = 8) -> torch.Tensor:
    """Every coded head and head with qualifier that at least `least` studies have: [n,K] of 0 and 1."""
    sets = []
    for study in studies:
        parsed = [parse_term(term) for term in study.record["mesh"]] if study.coded else []
        sets.append({head for head, _ in parsed} | {f"{head}/{q}" for head, qualifiers in parsed for q in qualifiers})
    counts = Counter(term for terms in sets for term in terms)
    kept = sorted(term for term, count in counts.items() if count >= least and term != "normal")
    return torch.tensor([[float(term in terms) for term in kept] for terms in sets])


class Prompts:
    """Semantic vectors of "there is …" and "there is no …", and of "left …" and "right …", for each finding."""

    YES = ("{}", "there is {}", "{} is present", "findings of {}")
    NO = ("no {}", "there is no {}", "no evidence of {}", "negative for {}")

    def __init__(self, findings: list[Finding], work: Path) -> None:
        forms = [*self.YES, *self.NO, "left {}", "right {}"]
        vectors, _ = encode_texts(work, [form.format(f.name) for f in findings for form in forms])
        self.vectors = torch.from_numpy(vectors).reshape(len(findings), len(forms), -1)

    def loss(self, embedding: torch.Tensor, projection: TextProjection, scale: torch.Tensor, batch: dict) -> torch.Tensor:
        """embedding [B,J] → BCE of presence and of side by which of the two prompts lies nearer."""
        f, n = len(self.vectors), len(self.YES)
        place, pick = torch.arange(f), torch.randint(0, n, (2, f))
        chosen = torch.stack([self.vectors[place, pick[0]], self.vectors[place, n + pick[1]], self.vectors[:, -2], self.vectors[:, -1]], 1)
        near = torch.einsum("bj,fkj->bfk", embedding, projection(chosen)) * scale
        presence = fn.binary_cross_entropy_with_logits(near[..., 0] - near[..., 1], batch["present"], reduction="none").mean(1)
        presence = (presence * batch["coded"]).sum() / batch["coded"].sum().clamp_min(1)
        one = (batch["sides"][..., 0] >= 0) & (batch["sides"].sum(-1) == 1)
        side = fn.binary_cross_entropy_with_logits((near[..., 2] - near[..., 3])[one], batch["sides"][..., 0][one], reduction="sum")
        return presence + 0.2 * side / (one.sum() + 4)


def contrast_loss(image: torch.Tensor, bank: torch.Tensor, target: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Cross entropy of images [B,J] against the bank [n,J] with soft targets [B,n]."""
    return -(target * (image @ bank.T * scale).log_softmax(-1)).sum(-1).mean()


def alike(labels: torch.Tensor, coded: torch.Tensor) -> torch.Tensor:
    """Likeness of codings [n,n]: Jaccard over findings, 1 for two studies without any; 0 with an uncoded study."""
    both = labels @ labels.T
    either = labels.sum(1, keepdim=True) + labels.sum(1) - both
    score = torch.where(either > 0, both / either.clamp_min(1), torch.ones_like(both))
    return score * coded.unsqueeze(1) * coded


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--small-epochs", type=int, default=6, help="first epochs, at 192 pixels")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--second", action="store_true")
    p.add_argument("--hours", type=float, default=9, help="stop after the epoch that passes this")
    args = p.parse_args()
    places = prepare(args)
    findings = load_findings()
    studies = load_studies(places.data)
    images = load_images(places.data, places.work)
    train = [s for s in studies if s.part == "train"]
    dev = [s for s in studies if s.part == "dev"]
    whole, parts = report_bank(train, places.work)
    labels = torch.tensor([s.present for s in train]).float()
    likeness = alike(labels, torch.tensor([s.coded for s in train]).float())
    weight = ((len(train) - labels.sum(0)) / labels.sum(0)).sqrt().clamp_max(8)

    name, architecture = ("second", LITE2) if args.second else ("encoder", LITE0)
    encoder = ImageEncoder(len(findings), architecture).to(memory_format=torch.channels_last)
    projection = TextProjection()
    terms = term_labels(train)
    auxiliary = torch.nn.Linear(encoder.backbone.channels, terms.shape[1])
    prompts = Prompts(findings, places.work)
    average = {"encoder": copy.deepcopy(encoder), "projection": copy.deepcopy(projection)}
    backbone = [q for q in encoder.backbone.parameters() if q.requires_grad]
    known = {id(q) for q in encoder.backbone.parameters()}
    heads = [q for q in encoder.parameters() if id(q) not in known] + list(projection.parameters()) + list(auxiliary.parameters())
    optimizer = torch.optim.AdamW([{"params": backbone, "peak": 4e-4}, {"params": heads, "peak": 1e-3}], lr=0, weight_decay=0.05)
    steps_an_epoch = math.ceil(len(train) / args.batch)
    total, step, epoch, best = steps_an_epoch * args.epochs, 0, 0, 0.0
    checkpoint = places.work / f"{name}.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
        encoder.load_state_dict(saved["encoder"])
        projection.load_state_dict(saved["projection"])
        auxiliary.load_state_dict(saved["auxiliary"])
        optimizer.load_state_dict(saved["optimizer"])
        for part, module in average.items():
            module.load_state_dict(saved["average"][part])
        step, epoch, best = saved["step"], saved["epoch"], saved["best"]
    began = time.time()
    while epoch < args.epochs and time.time() - began < args.hours * 3600:
        rng = np.random.default_rng(args.seed + epoch)
        torch.manual_seed(args.seed + epoch)
        size = 192 if epoch < args.small_epochs else SIZE
        encoder.train()
        totals, order = np.zeros(6), rng.permutation(len(train))
        for start in range(0, len(order), args.batch):
            rows = order[start:start + args.batch]
            warm = min(1.0, step / 150)
            rate = warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, step / total))))
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
            batch = batch_of([train[i] for i in rows], images, True, rng, size)
            with torch.autocast("cpu", torch.bfloat16):
                out = encoder(batch["images"], batch["views"], batch["mask"])
            loss_f = fn.binary_cross_entropy_with_logits(out["logits"].float(), batch["present"] * 0.98 + 0.01, pos_weight=weight, reduction="none")
            loss_f = (loss_f * batch["coded"].unsqueeze(1)).sum() / batch["coded"].sum().clamp_min(1) / len(findings)
            loss_v = fn.cross_entropy(out["view_logits"][batch["mask"] > 0].float(), batch["views"][batch["mask"] > 0])
            bank = projection(whole if step % 2 == 0 else parts[torch.arange(len(train)), torch.randint(0, 8, (len(train),))])
            soft = likeness[rows] ** 4
            soft = 0.5 * fn.one_hot(torch.from_numpy(rows), len(train)).float() + 0.5 * soft / soft.sum(1, keepdim=True).clamp_min(1e-6)
            loss_c = contrast_loss(out["embedding"].float(), bank, soft, encoder.log_scale.exp().clamp_max(50))
            seen = (out["last"] * batch["mask"].unsqueeze(-1)).sum(1) / batch["mask"].sum(1, keepdim=True)
            loss_t = fn.binary_cross_entropy_with_logits(auxiliary(encoder.dropout(seen)), terms[rows], reduction="none")
            loss_t = (loss_t * batch["coded"].unsqueeze(1)).sum() / batch["coded"].sum().clamp_min(1) / 30
            loss_p = prompts.loss(out["embedding"].float(), projection, encoder.log_scale.exp().clamp_max(50), batch)
            loss = 4 * loss_f + 0.1 * loss_v + 0.15 * loss_c + 0.2 * loss_t + 0.3 * loss_p
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*backbone, *heads], 5.0)
            optimizer.step()
            step += 1
            keep = min(AVERAGE, step / (step + 20))
            with torch.no_grad():
                for part, module in (("encoder", encoder), ("projection", projection)):
                    for mine, theirs in zip(average[part].state_dict().values(), module.state_dict().values()):
                        if mine.dtype.is_floating_point:
                            mine.mul_(keep).add_(theirs, alpha=1 - keep)
                        else:
                            mine.copy_(theirs)
            totals += [float(loss.detach()), float(loss_f.detach()), float(loss_v.detach()), float(loss_c.detach()),
                       float(loss_t.detach()), float(loss_p.detach())]
            if step % 40 == 0:
                print(f"step {step}/{total} {totals / (start // args.batch + 1)} {time.time() - began:.0f} s", flush=True)
        epoch += 1
        _, _, auroc = measure(average["encoder"], dev, images)
        print(f"epoch {epoch} at {size}: dev AUROC {auroc:.4f}, {time.time() - began:.0f} s", flush=True)
        state = {"encoder": encoder.state_dict(), "projection": projection.state_dict(),
                 "auxiliary": auxiliary.state_dict(), "optimizer": optimizer.state_dict(),
                 "average": {name: module.state_dict() for name, module in average.items()}, "step": step, "epoch": epoch, "best": max(best, auroc)}
        torch.save(state, checkpoint)
        if auroc > best:
            best = auroc
            torch.save({"architecture": architecture, "average": state["average"], "epoch": epoch, "auroc": auroc}, places.work / f"{name}-best.pt")


if __name__ == "__main__":
    main()
