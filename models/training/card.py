"""Writes the pack's CARD.md from its measured figures (`metrics.json`) and its manifest."""
from __future__ import annotations

import json

from paths import parser, prepare


def percent(x: float) -> str:
    return f"{100 * x:.1f} %"


def between(value: float | None, range_: list[float] | None, write) -> str:
    if value is None:
        return "–"
    return f"{write(value)} ({write(range_[0])}–{write(range_[1])})" if range_ else write(value)


def row(name: str, measured: dict) -> str:
    """One system of `metrics.json` as a row of the table."""
    figures, mixed = measured["own"], measured.get("shuffled")
    clinical, cited, intervals = figures["clinical"], figures["citations"]["precision"], figures["intervals"]
    three = "{:.3f}".format
    side = clinical["sideErrors"]
    cells = [
        name,
        between(clinical["f1"]["abnormal"]["micro"], intervals["f1Abnormal"], three),
        three(mixed["clinical"]["f1"]["abnormal"]["micro"]) if mixed else "–",
        between(clinical["hallucination"], intervals["hallucination"], percent),
        "–" if side["rate"] is None else f"{percent(side['rate'])} of {side['sided']}", f"{clinical['priors']}, {clinical['marks']}",
        "–" if cited is None else percent(cited), percent(figures["keystrokesSaved"]["all"]["clinical"]),
        three(figures["ngrams"]["bleu4"]), three(figures["ngrams"]["rougeL"]),
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    places = prepare(parser(__doc__).parse_args())
    metrics = json.loads((places.pack / "metrics.json").read_text())
    manifest = json.loads((places.pack / "manifest.json").read_text())
    systems, gate = metrics["systems"], metrics["gate"]
    names = {f["id"]: f["name"] for f in manifest["findings"]}
    calibration = {f["id"]: f for f in manifest["findings"]}
    size = sum(e["bytes"] for e in manifest["files"].values()) / 1e6
    seen, counts = systems["ft"]["own"]["auroc"], metrics["counts"]
    lines = [
        f"# {manifest['title']} (`{manifest['id']}` {manifest['version']})", "",
        "Drafts a preliminary report of a chest radiograph, frontal and lateral, for a radiologist to review. **Not a medical device; research use.**", "",
        "## What it is", "",
        "An EfficientNet-Lite0 image encoder over all views of a study, an EfficientNet-Lite2 whose finding logits are blended in at 0.3, the all-MiniLM-L6-v2 text",
        f"encoder with a projection into the space of the images, and a {manifest['decoder']['layers']}-layer decoder that attends to image tokens, finding states and retrieved text, with LoRA matrices as graph inputs. {size:.1f} MB in all.", "",
        "## Data and licence", "",
        "- Indiana University chest radiographs with reports and human MeSH coding (Open-i), CC BY-NC-ND 4.0: all studies outside val and test, a tenth of them held out (dev) for calibration and choosing.",
        "- Pictures that are no chest radiographs, for the gate only: CT and MR (MedPix 2.0), ultrasound and mammogram thumbnails, sample photographs of Python packages, drawn pictures.",
        "- Start weights: EfficientNet-Lite0 and -Lite2, ImageNet (Apache-2.0); all-MiniLM-L6-v2 (Apache-2.0), its trunk unchanged.",
        "- The weights derive from CC BY-NC-ND data: use them for research, not commercially. The pack holds no image and no report.", "",
        f"## Measured on {metrics['split']} ({counts['studies']} studies, {counts['coded']} of them coded, {counts['abnormal']} abnormal)", "",
        f"Findings: mean AUROC {seen['mean']:.3f} over the {seen['findings']} findings with at least 5 positives.", "",
        "| finding | AUROC | positives | likely | possible |", "|---|---|---|---|---|",
        *(f"| {names[i]} | {one['auroc']:.3f} | {one['positives']} | {calibration[i]['likely']:.2f} | {calibration[i]['possible']:.2f} |"
          for i, one in sorted(seen["each"].items(), key=lambda kv: -(kv[1]["auroc"] or 0)) if one["positives"] >= 5), "",
        "Reports, through the product (`wetread eval`), 95 % bootstrap intervals in brackets:", "",
        "| system | F1, abnormal | … with another study's images | hallucinated sentences | side errors | priors, XXXX | citation precision | keystrokes saved | BLEU-4 | ROUGE-L |", "|---|---|---|---|---|---|---|---|---|---|",
        *(row(name, measured) for name, measured in systems.items()), "",
        "F1 against hallucination over all thresholds stands in `metrics.json` (`curve`).", "",
        f"The adapter was aligned by reinforcement learning. {'It is the default.' if manifest['defaultAdapter'] else 'It is not the default.'}", "",
        f"Gate: {percent(gate['in']['val'])} of the val radiographs in. Held-out pictures rejected: " + ", ".join(f"{k} {percent(v)}" for k, v in gate["out"].items()) + ".", "",
        "## Limits", "",
        "- Granulomas, old granulomatous disease and nodules are seen little better than by chance: do not rely on them. Sides are often left open, and wrong in about a quarter of the claims.",
        "- Small training set from one network of hospitals; findings that are rare there (pneumothorax, nodules, hernia, kyphosis) are weak, small lesions at 256 pixels weaker still.",
        "- Adults, frontal and lateral; nothing is known of children or portable films. It never compares with earlier studies.",
        "- No radiographs of other body parts were at hand: rejecting them is not measured. All held-out pictures above fall to the learned decision alone; what the distance adds is not measured.",
        "- The headroom of the gate's distance limit (1.25) was set after one chest DX of the conformance set (`966_fixed`) had been turned away. That this file is now read is no independent evidence.",
        "- The training was steered by hand (see `models/training/README.md`); the default options do not reproduce these bytes.",
        "- What is not drafted is not thereby absent: findings between `possible` and `likely` are offered to the radiologist beside the draft.", "",
        "Made by `models/training`; figures by `evaluate.py`, this text by `card.py`.", "",
    ]
    (places.pack / "CARD.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
