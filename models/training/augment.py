"""Photometric and geometric variation of radiographs, on tensors, a batch at a time. Never mirrored: side matters."""
from __future__ import annotations

import math

import torch
from torch.nn import functional as fn


def spread(n: int, low: float, high: float) -> torch.Tensor:
    """n uniform numbers shaped to multiply images [n,1,1,1]."""
    return torch.empty(n, 1, 1, 1).uniform_(low, high)


def augment(images: torch.Tensor, size: int) -> torch.Tensor:
    """images f32 [n,1,S,S] in 0…1 → [n,1,size,size]: turned, shifted, scaled, re-windowed, bordered, noisy."""
    n = images.shape[0]
    angle = torch.empty(n).uniform_(-10, 10) * math.pi / 180
    zoom_x, zoom_y = torch.empty(n).uniform_(0.86, 1.1), torch.empty(n).uniform_(0.86, 1.1)
    theta = torch.stack([
        torch.stack([angle.cos() * zoom_x, -angle.sin() * zoom_y, torch.empty(n).uniform_(-0.08, 0.08)], 1),
        torch.stack([angle.sin() * zoom_x, angle.cos() * zoom_y, torch.empty(n).uniform_(-0.08, 0.08)], 1),
    ], 1)
    grid = fn.affine_grid(theta, [n, 1, size, size], align_corners=False)
    x = fn.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False).clamp(0, 1)
    x = x.clamp_min(1e-4) ** torch.exp(torch.randn(n, 1, 1, 1) * 0.25)
    middle = x.mean((2, 3), keepdim=True)
    x = (x - middle) * spread(n, 0.75, 1.3) + middle + spread(n, -0.1, 0.1)
    noisy = (torch.rand(n, 1, 1, 1) < 0.3).float()
    x = x + noisy * spread(n, 0, 0.04) * torch.randn_like(x)
    for i in torch.nonzero(torch.rand(n) < 0.15).flatten().tolist():
        top, left = (int(v) for v in torch.randint(0, size - size // 5, (2,)))
        x[i, :, top:top + size // 5, left:left + size // 5] = float(torch.rand(()))
    return x.clamp(0, 1)
