"""The domain gate: chest radiograph or anything else, from backbone features.

Two parts: a linear decision learned against other pictures, and a distance to the training radiographs that also rejects
what no negative resembled. Negatives: CT, MR, ultrasound, mammograms, photographs, drawn and noisy pictures, and small
details cut from chest radiographs (as stand-ins for radiographs of other parts, of which no set is at hand).
"""
from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from sklearn.linear_model import LogisticRegression
from torch.nn import functional as fn

from augment import augment
from data import SIZE, load_images, load_studies, to_pixels
from encoder import ImageEncoder, load_encoder
from findings import load_findings
from paths import parser, prepare

COMPONENTS = 48
# Over the distance that keeps 99.5 % of dev. Set after one DX of another maker, in the conformance set, had been turned away.
HEADROOM = 1.25


@dataclass(frozen=True)
class Gate:
    """raw [n,C] → z = (raw-centre)/spread; logit = z·weight+bias; features = [z·basis, log residual]; distance² = Σ precision·(features-mean)²."""

    centre: np.ndarray
    spread: np.ndarray
    basis: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    precision: np.ndarray
    limit: np.ndarray

    def features(self, raw: np.ndarray) -> np.ndarray:
        z = (raw - self.centre) / self.spread
        along = z @ self.basis
        residual = np.sqrt(np.maximum((z**2).sum(1) - (along**2).sum(1), 1e-6))
        return np.concatenate([along, np.log(residual)[:, None]], 1)

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return (raw - self.centre) / self.spread @ self.weight + self.bias

    def distance(self, raw: np.ndarray) -> np.ndarray:
        return np.sqrt(((self.features(raw) - self.mean) ** 2 * self.precision).sum(1))

    def accepts(self, raw: np.ndarray) -> np.ndarray:
        return (self.logit(raw) > 0) & (self.distance(raw) <= self.limit)


def load_gate(path: Path) -> Gate:
    return Gate(**np.load(path))


def drawn(rng: np.random.Generator, count: int) -> np.ndarray:
    """Synthetic pictures uint8 [count,S,S]: noise, gradients, blobs, text, shapes, blanks."""
    result = np.zeros((count, SIZE, SIZE), np.uint8)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    for i in range(count):
        kind = i % 6
        if kind == 0:
            grain = int(rng.choice([1, 2, 4, 8, 16, 32]))
            noise = rng.integers(0, 256, (SIZE // grain, SIZE // grain)).astype(np.uint8)
            picture = np.asarray(Image.fromarray(noise).resize((SIZE, SIZE), Image.Resampling.BICUBIC))
        elif kind == 1:
            angle, waves = rng.random() * 6.3, rng.random() * 6
            ramp = np.cos(angle) * x + np.sin(angle) * y
            picture = (ramp - ramp.min()) / np.ptp(ramp) * 255 if waves < 2 else 127 + 127 * np.sin(ramp * waves * 6)
        elif kind == 2:
            cx, cy, r = rng.random(), rng.random(), rng.uniform(0.1, 0.6)
            picture = 255 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / r**2) * rng.random() + rng.random() * 40
        elif kind == 3:
            canvas = Image.new("L", (SIZE, SIZE), int(rng.integers(0, 256)))
            pen = ImageDraw.Draw(canvas)
            for _ in range(int(rng.integers(3, 20))):
                text = "".join(chr(rng.integers(65, 122)) for _ in range(int(rng.integers(3, 20))))
                pen.text(tuple(rng.integers(0, SIZE, 2).tolist()), text, fill=int(rng.integers(0, 256)), font_size=int(rng.integers(8, 40)))
            picture = np.asarray(canvas)
        elif kind == 4:
            canvas = Image.new("L", (SIZE, SIZE), int(rng.integers(0, 256)))
            pen = ImageDraw.Draw(canvas)
            for _ in range(int(rng.integers(1, 12))):
                a, b = np.sort(rng.integers(0, SIZE, (2, 2)), 0).tolist()
                (pen.ellipse if rng.random() < 0.6 else pen.rectangle)((*a, b[0] + 1, b[1] + 1), fill=int(rng.integers(0, 256)))
            picture = np.asarray(canvas)
        else:
            picture = np.full((SIZE, SIZE), rng.integers(0, 256)) + rng.normal(0, rng.random() * 6, (SIZE, SIZE))
        result[i] = np.clip(picture, 0, 255).astype(np.uint8)
    return result


def sample_photographs() -> list[Path]:
    """Photographs that installed Python packages ship as samples."""
    found: list[Path] = []
    for package in ("sklearn", "skimage", "matplotlib"):
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            root = Path(list(spec.submodule_search_locations)[0])
            found += [f for f in sorted(root.rglob("*")) if f.suffix in (".jpg", ".png", ".tif") and f.stat().st_size > 20_000]
    return [f for f in found if "tests" not in f.parts and "mpl-data/images" not in f.as_posix()]


def crops(picture: Image.Image, rng: np.random.Generator, count: int, low: float, high: float) -> list[np.ndarray]:
    """Random squashed details of a picture, uint8 [S,S]."""
    grey, result = picture.convert("L"), []
    for _ in range(count):
        w, h = (max(8, int(side * rng.uniform(low, high))) for side in grey.size)
        left, top = int(rng.integers(0, grey.width - w + 1)), int(rng.integers(0, grey.height - h + 1))
        result.append(np.asarray(grey.crop((left, top, left + w, top + h)).resize((SIZE, SIZE), Image.Resampling.LANCZOS), np.uint8))
    return result


def negatives(data: Path, images: np.ndarray, train_rows: list[int], dev_rows: list[int]) -> dict[str, dict[str, np.ndarray]]:
    """Pictures that are no chest radiographs: {"fit" | "held": {kind: uint8 [n,S,S]}}."""
    rng = np.random.default_rng(3)
    fit: dict[str, list[np.ndarray]] = {}
    held: dict[str, list[np.ndarray]] = {}
    for line in (data / "medpix" / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        side = held if case["split"] == "val" else fit
        for image in case["images"]:
            side.setdefault(image["modality"], []).append(to_pixels(data / "medpix" / "images" / image["file"]))
    for kind in ("US", "MG"):
        for i, file in enumerate(sorted((data / "modality_router" / kind).iterdir())):
            (held if i % 5 == 0 else fit).setdefault(kind, []).append(to_pixels(file))
    for i, file in enumerate(sample_photographs()):
        with Image.open(file) as picture:
            (held if i % 4 == 0 else fit).setdefault("photograph", []).extend([to_pixels(file), *crops(picture, rng, 12, 0.3, 0.9)])
    for side, rows in ((fit, train_rows), (held, dev_rows)):
        side["drawn"] = list(drawn(rng, 240))
        for row in rng.choice(rows, 200, replace=False):
            side.setdefault("detail", []).extend(crops(Image.fromarray(images[row]), rng, 1, 0.15, 0.4))
            side.setdefault("negative", []).append(255 - images[row])
    return {name: {k: np.stack(v) for k, v in side.items()} for name, side in (("fit", fit), ("held", held))}


@torch.no_grad()
def raw_features(encoder: ImageEncoder, pictures: np.ndarray, augmented: bool) -> np.ndarray:
    """uint8 [n,S,S] → middle and last features, [n,112+1280]."""
    encoder.eval()
    result = []
    for start in range(0, len(pictures), 32):
        x = torch.from_numpy(np.asarray(pictures[start:start + 32]).astype(np.float32) / 255).unsqueeze(1)
        x = augment(x, SIZE) if augmented else x
        with torch.autocast("cpu", torch.bfloat16):
            seen = encoder.look(x.contiguous(memory_format=torch.channels_last))
        result.append(torch.cat([seen["middle"], seen["last"]], 1).float().numpy())
    return np.concatenate(result)


def fit_gate(inside: np.ndarray, inside_dev: np.ndarray, outside: np.ndarray) -> Gate:
    """Fits on features of radiographs in and pictures out; the limit leaves headroom over 99.5 % of the dev radiographs."""
    centre, spread = inside.mean(0), inside.std(0) + 1e-3
    z = (inside - centre) / spread
    _, _, axes = np.linalg.svd(z[: 6000], full_matrices=False)
    basis = axes[:COMPONENTS].T
    both = np.clip(np.concatenate([z, (outside - centre) / spread]), -12, 12)
    truth = np.r_[np.ones(len(z)), np.zeros(len(outside))]
    model = LogisticRegression(C=0.003, class_weight="balanced", max_iter=400).fit(both, truth)
    blank = np.zeros(1)
    gate = Gate(centre, spread, basis, model.coef_[0], model.intercept_, blank, blank, blank)
    features = gate.features(inside)
    mean, precision = features.mean(0), 1 / (features.var(0) + 1e-4)
    gate = Gate(centre, spread, basis, model.coef_[0], model.intercept_, mean, precision, blank)
    shift = min(0.0, float(np.quantile(gate.logit(inside_dev), 0.004)))
    limit = HEADROOM * np.quantile(gate.distance(inside_dev), 0.995)
    return Gate(centre, spread, basis, model.coef_[0], model.intercept_ - shift, mean, precision, np.array(limit))


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--most", type=int, default=400, help="pictures of a kind, and a third of the radiographs, to fit and measure with")
    args = p.parse_args()
    places = prepare(args)
    encoder, _ = load_encoder(places.work / args.encoder, len(load_findings()))
    encoder = encoder.to(memory_format=torch.channels_last)
    images = load_images(places.data, places.work)
    rows = {part: [r for s in load_studies(places.data) if s.part == part for r in s.rows] for part in ("train", "dev", "val")}
    pictures = negatives(places.data, images, rows["train"], rows["dev"])
    rng = np.random.default_rng(args.seed)
    pictures = {side: {k: v[rng.permutation(len(v))[:args.most]] for k, v in kinds.items()} for side, kinds in pictures.items()}
    some, dev, val = (images[np.sort(rng.permutation(rows[part])[:3 * args.most])] for part in ("train", "dev", "val"))
    inside = np.concatenate([raw_features(encoder, some, False), raw_features(encoder, some, True)])
    inside_dev = np.concatenate([raw_features(encoder, dev, False), raw_features(encoder, dev, True)])
    out_fit = np.concatenate([raw_features(encoder, v, k % 2 == 1) for k, v in enumerate(v for v in pictures["fit"].values() for _ in range(2))])
    gate = fit_gate(inside, inside_dev, out_fit)
    np.savez(places.work / "gate.npz", **vars(gate))
    report = {"in": {"val": float(gate.accepts(raw_features(encoder, val, False)).mean()),
                     "dev": float(gate.accepts(raw_features(encoder, dev, False)).mean())},
              "out": {k: 1 - float(gate.accepts(raw_features(encoder, v, False)).mean()) for k, v in pictures["held"].items()},
              "held_out_pictures": {k: len(v) for k, v in pictures["held"].items()}}
    (places.work / "gate.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
