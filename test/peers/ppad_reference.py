"""PPAD in PyTorch, our own: the peer that Photonbook's engine is compared with.

Written from the formulas of Song et al. 2025 (arXiv:2502.01627) as `spec/science.md` section 1 states them.

    pip install torch==2.13.0
    python test/peers/ppad_reference.py test/fixtures/ppad     # writes the fixtures, seeded, in double precision

Two fixtures: `small.json` holds every number of a narrow decoder; `reference.json` holds outputs, losses and picked
gradients of the full published architecture, whose weights both sides compute from `formula_weight`.
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(2)


class Block(nn.Module):
    """Pre-activation residual block: x + fc_1(relu(fc_0(relu(x))))."""

    def __init__(self, width):
        super().__init__()
        self.fc_0 = nn.Linear(width, width)
        self.fc_1 = nn.Linear(width, width)

    def forward(self, x):
        return x + self.fc_1(torch.relu(self.fc_0(torch.relu(x))))


class Decoder(nn.Module):
    """Latent and time code to log rates per band."""

    def __init__(self, latent, frequencies, hidden, blocks, bands):
        super().__init__()
        self.frequencies = frequencies
        self.lin_in = nn.Linear(latent + 1 + 2 * frequencies, hidden)
        self.blocks = nn.ModuleList([Block(hidden) for _ in range(blocks)])
        self.lin_out = nn.Linear(hidden, bands)

    def forward(self, z, t):
        octaves = math.pi * t[:, None] * 2.0 ** torch.arange(self.frequencies)
        waves = torch.stack([torch.sin(octaves), torch.cos(octaves)], dim=-1).flatten(1)
        x = self.lin_in(torch.cat([z.expand(len(t), -1), t[:, None], waves], dim=1))
        for block in self.blocks:
            x = block(x)
        return self.lin_out(torch.relu(x))


def mean_step(rate):
    return rate.diff(dim=0).abs().mean() if len(rate) > 1 else torch.zeros(())


def source_loss(decoder, z, times, bands, *, nodes, tv, penalty):
    """Published loss of one source: trapezoid from 0 to the last event, mean variation on nodes and events."""
    mesh = torch.linspace(0, 1, nodes) * times[-1]
    at_events = decoder(z, times)
    at_nodes = decoder(z, mesh).exp()
    integral = torch.trapezoid(at_nodes.sum(1), mesh)
    likelihood = at_events[torch.arange(len(times)), bands].sum() - integral
    return -likelihood + tv * (mean_step(at_nodes) + mean_step(at_events.exp())) + penalty * z.square().sum()


def formula_weight(tensor, index, fan_in):
    """A weight that any language reproduces to the last bit of a float32: a hash of its place, scaled by its fan-in."""
    x = (index * 2654435761 + (tensor + 1) * 40503) % 2**32
    x ^= x >> 15
    x = (x * 2246822519) % 2**32
    x ^= x >> 13
    return (x / 2**31 - 1) * math.sqrt(1.5 / fan_in)


def fill_by_formula(decoder):
    for number, (name, parameter) in enumerate(decoder.named_parameters()):
        fan_in = parameter.shape[1] if parameter.dim() == 2 else 400.0
        values = [formula_weight(number, i, fan_in) for i in range(parameter.numel())]
        flat = torch.tensor(values).to(torch.float32).to(torch.float64)
        if ".fc_1.weight" in name:
            flat = flat * 0.5
        parameter.data.copy_(flat.view_as(parameter))


def draw_source(rng, count, hard):
    times = torch.rand(count, generator=rng).sort().values * 0.97 + 0.01
    draws = torch.rand(count, generator=rng)
    bands = torch.where(draws < hard, 2, torch.where(draws < 0.5 + hard / 2, 1, 0))
    return times, bands


def fixture(decoder, sources, latents, *, nodes, tv, penalty, log_rate_times, gradients):
    latents = latents.clone().requires_grad_(True)
    losses = [
        source_loss(decoder, latents[i], times, bands, nodes=nodes, tv=tv, penalty=penalty)
        for i, (times, bands) in enumerate(sources)
    ]
    (sum(losses) / len(losses)).backward()
    with torch.no_grad():
        log_rates = decoder(latents[0], torch.tensor(log_rate_times))
    return {
        "torch": torch.__version__,
        "nodes": nodes,
        "totalVariation": tv,
        "latentPenalty": penalty,
        "latents": latents.tolist(),
        "sources": [{"times": t.tolist(), "bands": b.tolist()} for t, b in sources],
        "logRateTimes": log_rate_times,
        "logRates": log_rates.tolist(),
        "losses": [loss.item() for loss in losses],
        "latentGradient": latents.grad.tolist(),
        "gradients": gradients(decoder),
    }


def all_gradients(decoder):
    return {name: p.grad.flatten().tolist() for name, p in decoder.named_parameters()}


def picked_gradients(decoder, per_tensor=12):
    picked = {}
    for name, p in decoder.named_parameters():
        stride = max(1, p.numel() // per_tensor)
        index = list(range(stride // 2, p.numel(), stride))[:per_tensor]
        picked[name] = {
            "index": index,
            "value": p.grad.flatten()[index].tolist(),
            "norm": p.grad.norm().item(),
        }
    return picked


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = torch.Generator().manual_seed(20250201)
    times = [0.0, 0.013, 0.2, 0.5, 0.77, 0.999]

    small = Decoder(latent=4, frequencies=6, hidden=16, blocks=2, bands=3)
    fill_by_formula(small)
    sources = [draw_source(rng, n, hard) for n, hard in ((12, 0.2), (40, 0.7), (90, 0.4))]
    latents = torch.randn(3, 4, generator=rng).to(torch.float32).to(torch.float64)
    result = fixture(
        small, sources, latents, nodes=129, tv=10.0, penalty=1.0, log_rate_times=times, gradients=all_gradients
    )
    result["architecture"] = {"latentSize": 4, "frequencies": 6, "hiddenSize": 16, "blocks": 2}
    (folder / "small.json").write_text(json.dumps(rounded(result)) + "\n")

    full = Decoder(latent=8, frequencies=12, hidden=512, blocks=5, bands=3)
    fill_by_formula(full)
    sources = [draw_source(rng, n, hard) for n, hard in ((11, 0.2), (41, 0.6))]
    latents = torch.randn(2, 8, generator=rng).to(torch.float32).to(torch.float64)
    result = fixture(
        full, sources, latents, nodes=2049, tv=10.0, penalty=1.0, log_rate_times=times, gradients=picked_gradients
    )
    result["architecture"] = {"latentSize": 8, "frequencies": 12, "hiddenSize": 512, "blocks": 5}
    (folder / "reference.json").write_text(json.dumps(rounded(result)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
