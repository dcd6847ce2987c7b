"""Times the reference (ppad_reference.py, in single precision) for test/bench/ppad.bench.ts.

    python ppad_peer.py speed                      evaluations per second of the published decoder, name of the GPU
    python ppad_peer.py embed WEIGHTS DATA COUNT   400 Adam steps on the first COUNT sources in one batch: losses, seconds
    python ppad_peer.py train DATA SECONDS WEIGHTS warm-up stage of the published training for SECONDS, weights written

WEIGHTS are the decoder's parameters in order, little-endian float32, one after another; DATA is JSON:
{"sources": [{"times": [...], "bands": [...]}]} in units of 28.8 ks, and for `embed` "mean", the mean latent that Adam
starts from, and "found", lists of latents of the first sources that somebody else found: their losses are
printed too. Prints JSON. PPAD_PEER_DEVICE is where it computes: "cpu", or "cuda".
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch
from ppad_reference import Decoder, mean_step

torch.set_default_dtype(torch.float32)
torch.manual_seed(1)
DEVICE = os.environ.get("PPAD_PEER_DEVICE", "cpu")
torch.set_default_device(DEVICE)
NODES, TV, PENALTY, BATCH = 2049, 10.0, 1.0, 16


def clock():
    if DEVICE == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def published_decoder():
    decoder = Decoder(latent=8, frequencies=12, hidden=512, blocks=5, bands=3)
    for block in decoder.blocks:
        torch.nn.init.kaiming_normal_(block.fc_0.weight)
        torch.nn.init.zeros_(block.fc_0.bias)
        torch.nn.init.zeros_(block.fc_1.weight)
        torch.nn.init.zeros_(block.fc_1.bias)
    return decoder


def read_weights(decoder, path):
    flat = torch.tensor(np.fromfile(path, dtype="<f4"))
    at = 0
    for parameter in decoder.parameters():
        parameter.data.copy_(flat[at : at + parameter.numel()].view_as(parameter))
        at += parameter.numel()
    assert at == flat.numel()


def read_sources(data):
    return [(torch.tensor(s["times"]), torch.tensor(s["bands"])) for s in data["sources"]]


def batch_loss(decoder, latents, sources):
    """Sum of the published losses of a batch, all rows of all sources in one pass; also each source's own."""
    grid = torch.linspace(0, 1, NODES)
    meshes = [grid * times[-1] for times, _ in sources]
    counts = [len(times) for times, _ in sources]
    rows = torch.cat([torch.cat([times, mesh]) for (times, _), mesh in zip(sources, meshes)])
    owner = torch.repeat_interleave(torch.arange(len(sources)), torch.tensor(counts) + NODES)
    pieces = decoder(latents[owner], rows).split([n for count in counts for n in (count, NODES)])
    losses = []
    for i, (times, bands) in enumerate(sources):
        at_events, at_nodes = pieces[2 * i], pieces[2 * i + 1].exp()
        likelihood = at_events.gather(1, bands[:, None]).sum() - torch.trapezoid(at_nodes.sum(1), meshes[i])
        variation = mean_step(at_nodes) + mean_step(at_events.exp())
        losses.append(-likelihood + TV * variation + PENALTY * latents[i].square().sum())
    return torch.stack(losses)


def speed():
    decoder = published_decoder()
    for block in decoder.blocks:
        torch.nn.init.normal_(block.fc_1.weight, std=0.02)
    best = {"forward": 0.0, "gradient": 0.0}
    for rows in (2064, 4128, 16512, *([132096] if DEVICE == "cuda" else [])):
        times = torch.rand(rows)
        z = torch.randn(rows, 8)
        for _ in range(3):
            began = clock()
            with torch.no_grad():
                decoder(z, times)
            best["forward"] = max(best["forward"], rows / (clock() - began))
        for _ in range(3):
            began = clock()
            decoder.zero_grad()
            decoder(z, times).exp().sum().backward()
            best["gradient"] = max(best["gradient"], rows / (clock() - began))
    if DEVICE == "cuda":
        best["device"] = torch.cuda.get_device_name()
    return best


def embed(weights, data, count):
    decoder = published_decoder()
    read_weights(decoder, weights)
    decoder.requires_grad_(False)
    sources = read_sources(data)
    latents = torch.tensor(data["mean"]).repeat(count, 1).requires_grad_(True)
    optimizer = torch.optim.Adam([latents], lr=0.01)
    began = clock()
    for _ in range(400):
        optimizer.zero_grad()
        batch_loss(decoder, latents, sources[:count]).sum().backward()
        optimizer.step()
    seconds = clock() - began
    with torch.no_grad():
        losses = batch_loss(decoder, latents, sources[:count])
        others = [
            batch_loss(decoder, torch.tensor(latents), sources[: len(latents)]).tolist() for latents in data["found"]
        ]
    return {"seconds": seconds, "losses": losses.tolist(), "others": others, "peakMiB": peak_mib()}


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def train(data, seconds, weights):
    """Warm-up stage of the published training: the brightest 14 %, decoder 1e-5, latents 1e-4, clip 10."""
    decoder = published_decoder()
    sources = read_sources(data)
    order = sorted(range(len(sources)), key=lambda i: -len(sources[i][0]))[: max(1, round(0.14 * len(sources)))]
    latents = torch.randn(len(sources), 8).requires_grad_(True)
    optimizer = torch.optim.Adam([{"params": decoder.parameters(), "lr": 1e-5}, {"params": [latents], "lr": 1e-4}])
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=50)
    began, steps = clock(), 0
    while clock() - began < seconds:
        total = 0.0
        for batch in torch.tensor(order)[torch.randperm(len(order))].split(BATCH):
            if clock() - began >= seconds:
                break
            optimizer.zero_grad()
            losses = batch_loss(decoder, latents[batch], [sources[i] for i in batch])
            losses.mean().backward()
            torch.nn.utils.clip_grad_norm_([*decoder.parameters(), latents], 10.0)
            optimizer.step()
            total += losses.sum().item()
            steps += 1
        plateau.step(total)
    spent = clock() - began
    flat = torch.cat([p.detach().flatten() for p in decoder.parameters()])
    flat.cpu().numpy().astype("<f4").tofile(weights)
    return {"seconds": spent, "steps": steps, "latents": latents.detach().tolist(), "peakMiB": peak_mib()}


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "speed":
        result = speed()
    elif command == "embed":
        result = embed(rest[0], json.loads(open(rest[1]).read()), int(rest[2]))
    else:
        result = train(json.loads(open(rest[0]).read()), float(rest[1]), rest[2])
    print(json.dumps(result))
