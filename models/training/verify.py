"""Checks a pack: hashes, shapes of every output, parity of each graph with PyTorch, and equal greedy tokens."""
from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import nn

from data import SIZE, load_images, load_studies
from decoder import BOS, EOS, HEADS, LAYERS, LORA_RANK, LORA_TARGETS, WIDTH, Decoder, no_lora, no_past
from encoder import GRID, JOINT_WIDTH, TOKEN_WIDTH, load_encoder
from export import SECOND, dev_calibrations, ExportedEncoder, ExportedStep, ExportedText
from findings import load_findings
from gate import load_gate
from parity import TEXT, write_parity
from paths import parser, prepare
from text import WIDTH as SEMANTIC_WIDTH
from text import TextTrunk, load_tokenizer

SENTENCES = ["no pleural effusion", "small left pleural effusion", "the heart is enlarged", "calcified granuloma in the right upper lobe", "fever and cough"]


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def as_numpy(tensors: tuple[torch.Tensor, ...]) -> list[np.ndarray]:
    return [t.detach().numpy() for t in tensors]


def close(name: str, mine: np.ndarray, theirs: np.ndarray, limit: float) -> float:
    """The largest difference relative to the range; raises where shapes differ or it passes `limit`."""
    if mine.shape != theirs.shape:
        raise AssertionError(f"{name}: shape {mine.shape}, expected {theirs.shape}")
    worst = float(np.abs(mine - theirs).max() / max(1e-3, np.abs(theirs).max()))
    if worst > limit:
        raise AssertionError(f"{name}: differs by {worst:.4f} of its range")
    return worst


def greedy(step, cross: list[np.ndarray], lora: list[np.ndarray], count: int) -> list[int]:
    """Greedy tokens by any step function of numpy arrays."""
    keys = values = no_past(1).numpy()
    ids = [BOS]
    while len(ids) <= count and ids[-1] != EOS:
        logits, keys, values, _ = step(np.array([[ids[-1]]], np.int64), *cross, keys, values, *lora)
        ids.append(int(logits[0].argmax()))
    return ids


def milliseconds(run, count: int) -> float:
    run()
    began = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - began) / count * 1000


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--decoder", default="decoder.pt")
    args = p.parse_args()
    places = prepare(args)
    pack, findings = places.pack, load_findings()
    manifest = json.loads((pack / "manifest.json").read_text())
    for name, entry in manifest["files"].items():
        if hashlib.sha256((pack / name).read_bytes()).hexdigest() != entry["sha256"]:
            raise AssertionError(f"{name}: hash differs from the manifest")
    report: dict[str, float] = {"bytes": sum(e["bytes"] for e in manifest["files"].values())}
    count = len(findings)

    encoder, projection = load_encoder(places.work / args.encoder, count)
    reference = ExportedEncoder(encoder, load_encoder(places.work / SECOND, count)[0], load_gate(places.work / "gate.npz"), dev_calibrations(places, args.encoder)[1]).eval()
    graph = session(pack / "image-encoder.onnx")
    images = load_images(places.data, places.work)
    study = next(s for s in load_studies(places.data) if s.part == "val" and len(s.rows) == 2)
    pictures = torch.from_numpy(np.stack([images[r] for r in study.rows])[:, None].astype(np.float32) / 255)
    feed = {"images": pictures.numpy(), "views": np.array(study.views, np.int64)}
    shapes = {"tokens": (1, 2 * GRID**2, TOKEN_WIDTH), "embedding": (1, JOINT_WIDTH), "logits": (1, count), "view_logits": (2, 2), "gate_logits": (2,),
              "features": (2, manifest["image"]["featureWidth"]), "maps": (2, count, GRID, GRID), "side_logits": (1, count, 2)}
    with torch.no_grad():
        wanted = as_numpy(reference(pictures, torch.tensor(study.views)))
    for name, mine, theirs in zip(ExportedEncoder.names, graph.run(None, feed), wanted):
        if mine.shape != shapes[name]:
            raise AssertionError(f"{name}: shape {mine.shape}")
        report[f"image-encoder.{name}"] = close(name, mine, theirs, 0.12 if name == "maps" else 0.03)
    for views in ([2], [0, 1, 2]):
        out = graph.run(None, {"images": np.random.rand(len(views), 1, SIZE, SIZE).astype(np.float32), "views": np.array(views, np.int64)})
        if out[0].shape[1] != len(views) * GRID**2:
            raise AssertionError("number of views is not dynamic")
    report["image-encoder.ms"] = milliseconds(lambda: graph.run(None, feed), 10)
    tokens = wanted[0]

    trunk = TextTrunk(places.work)
    text_graph, tokenizer = session(pack / "text-encoder.onnx"), load_tokenizer(places.work)
    encoded = [tokenizer.encode(s).ids for s in SENTENCES]
    ids, mask = (np.zeros((len(encoded), max(map(len, encoded))), np.int64) for _ in range(2))
    for row, e in enumerate(encoded):
        ids[row, :len(e)], mask[row, :len(e)] = e, 1
    with torch.no_grad():
        semantic, joint, states = as_numpy(ExportedText(trunk, projection)(torch.from_numpy(ids), torch.from_numpy(mask)))
    mine = text_graph.run(None, {"input_ids": ids, "attention_mask": mask})
    for name, a, b in (("embedding", mine[0], semantic), ("joint", mine[1], joint)):
        report[f"text-encoder.{name}.cosine"] = float((a * b).sum(1).min())
        if report[f"text-encoder.{name}.cosine"] < 0.98:
            raise AssertionError(f"text-encoder {name}: cosine {report[f'text-encoder.{name}.cosine']:.4f}")
    report["text-encoder.ms"] = milliseconds(lambda: text_graph.run(None, {"input_ids": ids[:1], "attention_mask": mask[:1]}), 10)

    decoder = Decoder(count, manifest["decoder"]["vocabulary"]).eval()
    decoder.load_state_dict(torch.load(places.work / args.decoder, map_location="cpu", weights_only=False)["decoder"])
    memory, step = session(pack / "decoder-memory.onnx"), session(pack / "decoder-step.onnx")
    exported = ExportedStep(decoder)

    def step_torch(*inputs: np.ndarray) -> list[np.ndarray]:
        with torch.no_grad():
            return as_numpy(exported(*map(torch.from_numpy, inputs)))

    step_names = [i.name for i in step.get_inputs()]

    def step_onnx(*inputs: np.ndarray) -> list[np.ndarray]:
        return step.run(None, dict(zip(step_names, inputs)))

    finding_states = np.zeros((1, count), np.int64)
    for chosen in ([], [0], [2, 8]):
        finding_states[:] = 0
        finding_states[0, chosen] = 1
        memory_feed = {"tokens": tokens, "finding_states": finding_states, "text_states": states[:1], "text_kinds": np.zeros((1, states.shape[1]), np.int64)}
        cross = memory.run(None, memory_feed)
        with torch.no_grad():
            cross_torch = as_numpy(decoder.memory(*(torch.from_numpy(memory_feed[k]) for k in ("tokens", "finding_states", "text_states", "text_kinds"))))
        report["decoder-memory"] = max(close("cross", a, b, 0.02) for a, b in zip(cross, cross_torch))
        lora = [np.random.default_rng(1).normal(0, 0.02, shape).astype(np.float32)
                for shape in ((LAYERS, LORA_TARGETS, WIDTH, LORA_RANK), (LAYERS, LORA_TARGETS, LORA_RANK, WIDTH))]
        a, b = greedy(step_onnx, cross, lora, 90), greedy(step_torch, cross_torch, lora, 90)
        if a != b:
            raise AssertionError(f"greedy tokens differ: {a} {b}")
        report["decoder-step.equal_tokens"] = len(a)
    past = np.random.rand(LAYERS, 3, HEADS, 5, WIDTH // HEADS).astype(np.float32)
    out = step_onnx(np.array([[5, 6], [7, 8], [9, 10]], np.int64), *cross, past, past, *lora)
    report["decoder-step.logits"] = close("logits", out[0], step_torch(np.array([[5, 6], [7, 8], [9, 10]], np.int64), *cross_torch, past, past, *lora)[0], 0.02)
    if out[1].shape[3] != 7 or out[3].shape != (3, cross[0].shape[3]):
        raise AssertionError("decoder-step: shapes of the cache or the attention")
    one = (np.array([[5]], np.int64), *cross, past[:, :1], past[:, :1], *lora)
    report["decoder-step.ms"] = milliseconds(lambda: step_onnx(*one), 100)
    report["decoder-memory.ms"] = milliseconds(lambda: memory.run(None, memory_feed), 20)
    adapter = places.work / "adapter.pt"
    saved = torch.load(adapter, weights_only=False) if adapter.exists() else None
    with torch.no_grad():
        told = tokenizer.encode(TEXT).ids
        joint = ExportedText(trunk, projection)(torch.tensor([told]), torch.ones(1, len(told), dtype=torch.long))[1]
    write_parity(pack / "parity.json", reference, (np.array(told), joint.numpy()), decoder,
                 {"none": no_lora(), **({"rl-1": (saved["a"].detach(), saved["b"].detach())} if saved else {})})
    print(json.dumps({k: round(v, 5) for k, v in report.items()}, indent=1))


if __name__ == "__main__":
    main()
