"""Writes the pack: four ONNX graphs, two tokenizers, the adapters and the manifest.

Weights are stored as float16 (cast back to float32 when a session loads), the text encoder's as int8.
"""
from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional as fn

from calibrate import Calibration, SideCalibration, calibrate, fit_sides
from data import SIZE, load_images, load_studies
from decoder import BOS, EOS, HEADS, IMPRESSION, LAYERS, LORA_RANK, LORA_TARGETS, MAX_TOKENS, PAD, WIDTH, Decoder, no_past
from encoder import GRID, JOINT_WIDTH, TOKEN_WIDTH, ImageEncoder, TextProjection, blend, load_encoder
from examples import Looks, look_at
from findings import load_findings
from gate import Gate, load_gate
from paths import Places, parser, prepare
from text import MAX_TOKENS as MAX_TEXT
from text import WIDTH as SEMANTIC_WIDTH
from text import TextTrunk, unpack_minilm

OPSET = 17
SECOND = "second-best.pt"


class ExportedEncoder(nn.Module):
    """images [V,1,S,S], views [V] → the outputs that models/README.md lists."""

    names = ["tokens", "embedding", "logits", "view_logits", "gate_logits", "features", "maps", "side_logits"]

    def __init__(self, encoder: ImageEncoder, second: ImageEncoder, gate: Gate, side_calibration: SideCalibration) -> None:
        super().__init__()
        self.encoder, self.second, self.side_calibration = encoder, second, side_calibration
        for name in ("centre", "spread", "basis", "weight", "bias"):
            self.register_buffer(name, torch.from_numpy(np.asarray(getattr(gate, name), np.float32)))

    def forward(self, images: torch.Tensor, views: torch.Tensor) -> tuple[torch.Tensor, ...]:
        seen = self.encoder.look(images)
        told = fn.one_hot(views.clamp_max(1), 2).float()
        weights = torch.where((views > 1).unsqueeze(1), seen["view_logits"].softmax(-1), told)
        mask = torch.ones_like(views).float().unsqueeze(0)
        out = self.encoder.study(seen["last"].unsqueeze(0), seen["patches"].unsqueeze(0), weights.unsqueeze(0), mask)
        again = self.second.look(images)
        other = self.second.study(again["last"].unsqueeze(0), again["patches"].unsqueeze(0), weights.unsqueeze(0), mask)
        z = (torch.cat([seen["middle"], seen["last"]], 1) - self.centre) / self.spread
        along = z @ self.basis
        residual = (z.square().sum(1) - along.square().sum(1)).clamp_min(1e-6).sqrt()
        features = torch.cat([along, residual.log().unsqueeze(1)], 1)
        return (out["tokens"], out["embedding"], blend(out["logits"], other["logits"]), seen["view_logits"], z @ self.weight + self.bias, features,
                out["maps"].squeeze(0), self.side_calibration.apply(out["side_logits"]))


class ExportedText(nn.Module):
    """input_ids, attention_mask [B,T] → embedding, joint, states."""

    def __init__(self, trunk: TextTrunk, projection: TextProjection) -> None:
        super().__init__()
        self.trunk, self.projection = trunk, projection

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        embedding, states = self.trunk(input_ids, attention_mask)
        return embedding, self.projection(embedding), states


class ExportedStep(nn.Module):
    """One decoding step; logits and attention of the last position."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, input_ids: torch.Tensor, cross_keys: torch.Tensor, cross_values: torch.Tensor, past_keys: torch.Tensor,
                past_values: torch.Tensor, lora_a: torch.Tensor, lora_b: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states, keys, values, looked = self.decoder.step(input_ids, cross_keys, cross_values, past_keys, past_values, lora_a, lora_b)
        return self.decoder.predict(states[:, -1]), keys, values, looked[:, -1]


def store_half(path: Path) -> None:
    """Rewrites large float32 weights as float16 behind a Cast, which onnxruntime folds when it loads the graph."""
    model = onnx.load(path)
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= 512:
            name, half = tensor.name, numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
            casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        model.graph.node.insert(0, node)
    onnx.save(model, path)


def write_graph(module: nn.Module, example: tuple[torch.Tensor, ...], inputs: list[str], outputs: list[str],
                axes: dict[str, dict[int, str]], path: Path) -> None:
    """Traces a module to ONNX with named dynamic axes and checks the file."""
    module.eval()
    with torch.no_grad():
        torch.onnx.export(module, example, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=OPSET, dynamo=False)
    onnx.checker.check_model(str(path))


def write_encoder(exported: ExportedEncoder, path: Path) -> None:
    example = (torch.rand(2, 1, SIZE, SIZE), torch.tensor([0, 1]))
    axes = {"images": {0: "V"}, "views": {0: "V"}, "tokens": {1: "N"}, "view_logits": {0: "V"}, "gate_logits": {0: "V"}, "features": {0: "V"}, "maps": {0: "V"}}
    write_graph(exported, example, ["images", "views"], ExportedEncoder.names, axes, path)
    store_half(path)


def write_text(trunk: TextTrunk, projection: TextProjection, path: Path, work: Path) -> None:
    ids = torch.randint(1000, 5000, (2, 9))
    names, outputs = ["input_ids", "attention_mask"], ["embedding", "joint", "states"]
    axes = {**{n: {0: "B", 1: "T"} for n in names}, "embedding": {0: "B"}, "joint": {0: "B"}, "states": {0: "B", 1: "T"}}
    whole = work / "text-encoder-fp32.onnx"
    write_graph(ExportedText(trunk, projection), (ids, torch.ones_like(ids)), names, outputs, axes, whole)
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)


def write_decoder(decoder: Decoder, findings: int, memory_path: Path, step_path: Path) -> None:
    tokens, states = torch.rand(1, 2 * GRID * GRID, TOKEN_WIDTH), torch.zeros(1, findings, dtype=torch.long)
    text, kinds = torch.rand(1, 7, SEMANTIC_WIDTH), torch.zeros(1, 7, dtype=torch.long)
    write_graph(decoder.memory, (tokens, states, text, kinds), ["tokens", "finding_states", "text_states", "text_kinds"], ["cross_keys", "cross_values"],
                {"tokens": {1: "N"}, "text_states": {1: "M"}, "text_kinds": {1: "M"}, "cross_keys": {3: "S"}, "cross_values": {3: "S"}}, memory_path)
    store_half(memory_path)
    with torch.no_grad():
        cross = decoder.memory(tokens, states, text, kinds)
    past = torch.rand(LAYERS, 2, HEADS, 3, WIDTH // HEADS)
    lora = (torch.rand(LAYERS, LORA_TARGETS, WIDTH, LORA_RANK) * 0.01, torch.rand(LAYERS, LORA_TARGETS, LORA_RANK, WIDTH) * 0.01)
    cache = {"past_keys": "K", "past_values": "K", "present_keys": "KT", "present_values": "KT"}
    axes = {"input_ids": {0: "B", 1: "T"}, "cross_keys": {3: "S"}, "cross_values": {3: "S"}, "logits": {0: "B"}, "attention": {0: "B", 1: "S"},
            **{name: {1: "B", 3: length} for name, length in cache.items()}}
    inputs = ["input_ids", "cross_keys", "cross_values", "past_keys", "past_values", "lora_a", "lora_b"]
    write_graph(ExportedStep(decoder), (torch.randint(4, 50, (2, 2)), *cross, past, past, *lora), inputs,
                ["logits", "present_keys", "present_values", "attention"], axes, step_path)
    store_half(step_path)


def write_adapter(path: Path, a: torch.Tensor, b: torch.Tensor) -> None:
    """float32 little endian: all of A [L,4,D,R], then all of B [L,4,R,D]."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(a.detach().numpy().astype("<f4").tobytes() + b.detach().numpy().astype("<f4").tobytes())


def file_entries(pack: Path) -> dict[str, dict]:
    """SHA-256 and size of every file that the manifest vouches for."""
    names = sorted(str(p.relative_to(pack).as_posix()) for p in pack.rglob("*") if p.is_file() and p.name not in ("manifest.json", "CARD.md", "metrics.json", "parity.json"))
    return {n: {"sha256": hashlib.sha256((pack / n).read_bytes()).hexdigest(), "bytes": (pack / n).stat().st_size} for n in names}


def dev_calibrations(places: Places, encoder_file: str) -> tuple[list[Calibration], SideCalibration]:
    """Calibrations of findings and sides by what the encoders say of the dev studies."""
    findings = load_findings()
    dev = [s for s in load_studies(places.data) if s.part == "dev"]
    images = load_images(places.data, places.work)

    def look(file: str) -> Looks:
        folder = places.work / f"looks-{file.removesuffix('.pt')}"
        folder.mkdir(exist_ok=True)
        return look_at(lambda: load_encoder(places.work / file, len(findings))[0], dev, images, False, 0, folder / "dev.npz")

    first, second = look(encoder_file), look(SECOND)
    coded = np.array([s.coded for s in dev])
    truth = np.array([s.present for s in dev])
    return (calibrate(blend(first.logits, second.logits)[coded], truth[coded], findings),
            fit_sides(first.sides, np.array([s.sides for s in dev])))


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--decoder", default="decoder.pt")
    p.add_argument("--version", default="0.2.0")
    args = p.parse_args()
    places = prepare(args)
    findings = load_findings()
    encoder, projection = load_encoder(places.work / args.encoder, len(findings))
    second, _ = load_encoder(places.work / SECOND, len(findings))
    gate = load_gate(places.work / "gate.npz")
    tokenizer_file = places.work / "decoder-tokenizer.json"
    vocabulary = len(json.loads(tokenizer_file.read_text())["model"]["vocab"])
    decoder = Decoder(len(findings), vocabulary).eval()
    decoder.load_state_dict(torch.load(places.work / args.decoder, map_location="cpu", weights_only=False)["decoder"])

    calibrations, side_calibration = dev_calibrations(places, args.encoder)
    write_encoder(ExportedEncoder(encoder, second, gate, side_calibration), places.pack / "image-encoder.onnx")
    write_text(TextTrunk(places.work), projection, places.pack / "text-encoder.onnx", places.work)
    write_decoder(decoder, len(findings), places.pack / "decoder-memory.onnx", places.pack / "decoder-step.onnx")
    shutil.copy(tokenizer_file, places.pack / "decoder-tokenizer.json")
    text_tokenizer = json.loads((unpack_minilm(places.work) / "tokenizer.json").read_text())
    text_tokenizer["padding"] = None
    text_tokenizer["truncation"] = {"direction": "Right", "max_length": MAX_TEXT, "strategy": "LongestFirst", "stride": 0}
    (places.pack / "text-tokenizer.json").write_text(json.dumps(text_tokenizer, ensure_ascii=False))

    adapter = places.work / "adapter.pt"
    saved = torch.load(adapter, weights_only=False) if adapter.exists() else None
    adapters = []
    if saved is not None:
        write_adapter(places.pack / "adapters" / "rl-1.bin", saved["a"], saved["b"])
        adapters.append({"id": "rl-1", "file": "adapters/rl-1.bin", "title": "Aligned by reinforcement learning on stated findings", "metrics": saved["metrics"]})

    manifest = {
        "id": "cxr", "version": args.version, "title": "Chest radiograph, frontal and lateral",
        "licence": "Research use only. Trained on the Indiana University chest radiographs (Open-i, CC BY-NC-ND 4.0), from EfficientNet-Lite0 and -Lite2 ImageNet weights (Apache-2.0) and all-MiniLM-L6-v2 (Apache-2.0). Not a medical device.",
        "domain": {"modalities": ["CR", "DX", "XR"], "bodyParts": ["CHEST"], "views": ["frontal", "lateral"],
                   "description": "Chest radiographs of adults, frontal and lateral projection, upright or supine."},
        "files": file_entries(places.pack),
        "image": {"size": SIZE, "grid": GRID, "maxViews": 4, "tokenWidth": TOKEN_WIDTH, "featureWidth": int(gate.mean.shape[0])},
        "text": {"maxTokens": MAX_TEXT, "semanticWidth": SEMANTIC_WIDTH, "jointWidth": JOINT_WIDTH},
        "findings": [{**f.source, **c.as_dict()} for f, c in zip(findings, calibrations)],
        "gate": {"threshold": 0.0, "distance": {"mean": [round(float(v), 6) for v in gate.mean], "precision": [round(float(v), 6) for v in gate.precision], "limit": float(gate.limit)}},
        "decoder": {"layers": LAYERS, "width": WIDTH, "heads": HEADS, "vocabulary": vocabulary, "bos": BOS, "eos": EOS, "pad": PAD, "impression": IMPRESSION, "maxTokens": MAX_TOKENS},
        "lora": {"rank": LORA_RANK, "targets": LORA_TARGETS},
        "adapters": adapters,
        "defaultAdapter": "rl-1" if saved is not None and saved["better"] else None,
        "preprocess": {"description": "Display-windowed 8-bit grey, MONOCHROME1 inverted, squashed to 256×256 with area or Lanczos antialiasing, divided by 255."},
    }
    (places.pack / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(manifest["files"], indent=1), sum(e["bytes"] for e in manifest["files"].values()))


if __name__ == "__main__":
    main()
