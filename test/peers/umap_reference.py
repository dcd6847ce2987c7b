"""Writes test/fixtures/umap/reference.json: what umap-learn and scikit-learn say about small data that both sides
make from one integer recurrence.

Run: python test/peers/umap_reference.py
Pinned: umap-learn 0.5.12, scikit-learn 1.9.1, numpy 2.4.6, numba 0.68.1.
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

warnings.filterwarnings("ignore")
assert (umap.__version__, sklearn.__version__) == ("0.5.12", "1.9.1"), "pinned: regenerate knowingly"


def lcg(count, seed):
    """Park & Miller 1988, 'minimal standard': exact in float64, so JavaScript draws the same numbers."""
    state, out = seed, np.empty(count)
    for i in range(count):
        state = state * 16807 % 2147483647
        out[i] = state / 2147483647
    return out


def blobs(n, d, k, seed):
    """k round clusters of rows, their centres uniform in a cube."""
    u = lcg(k * d + n * d * 3, seed)
    centres = 4 * u[: k * d].reshape(k, d)
    noise = u[k * d :].reshape(n, d, 3).sum(axis=2) - 1.5
    return centres[np.arange(n) % k] + noise


def roll(n, seed):
    """A sheet rolled up in three dimensions: one connected curved surface, no clusters."""
    u = lcg(2 * n, seed).reshape(n, 2)
    t = 1.5 + 6 * u[:, 0]
    return np.stack([t * (1 - t * t / 40), 4 * u[:, 1], t * t / 8], axis=1)


def chain(n, d, seed):
    """Rows along a curve in d dimensions, with noise: a sequence such as photon arrival shapes make."""
    u = lcg(n * d + n, seed)
    s = 4 * u[:n]
    noise = u[n:].reshape(n, d) - 0.5
    return np.stack([(s - j * 4 / d) ** 2 / (1 + (s - j * 4 / d) ** 2) for j in range(d)], axis=1) + 0.1 * noise


datasets = {
    "blobs": (blobs(1500, 10, 8, 11), {"kind": "blobs", "n": 1500, "d": 10, "k": 8, "seed": 11}),
    "roll": (roll(1500, 12), {"kind": "roll", "n": 1500, "seed": 12}),
    "chain": (chain(1500, 12, 13), {"kind": "chain", "n": 1500, "d": 12, "seed": 13}),
}
cases = []
for name, (x, recipe) in datasets.items():
    for metric in ("euclidean", "cosine", "manhattan") if name == "blobs" else ("euclidean",):
        values = []
        for seed in (1, 2, 3):
            embedding = umap.UMAP(random_state=seed, metric=metric).fit_transform(x.astype(np.float32))
            values.append(float(trustworthiness(x, embedding, n_neighbors=15, metric=metric)))
        cases.append({"name": name, "metric": metric, "recipe": recipe, "sum": float(x.sum()), "trustworthiness": values})
        print(name, metric, values)

small = blobs(60, 4, 3, 21)
graph, sigmas, rhos = fuzzy_simplicial_set(small, 10, np.random.RandomState(0), "euclidean")
coo = graph.tocoo()
plane = np.stack([small[:, 0] + 0.3 * small[:, 1], small[:, 2] - 0.5 * small[:, 3]], axis=1)
out = {
    "made_by": f"umap-learn {umap.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "cases": cases,
    "graph": {
        "recipe": {"kind": "blobs", "n": 60, "d": 4, "k": 3, "seed": 21},
        "n_neighbors": 10,
        "row": coo.row.tolist(),
        "column": coo.col.tolist(),
        "weight": [round(float(w), 7) for w in coo.data],
    },
    "curves": [
        {"min_dist": m, "spread": s, "a": float(a), "b": float(b)}
        for m, s in ((0.1, 1.0), (0.01, 1.0), (0.5, 1.0), (0.25, 2.0))
        for a, b in [find_ab_params(s, m)]
    ],
    "fixed_embedding": {
        "note": "x0 + 0.3 x1, x2 - 0.5 x3 of the graph's data",
        "values": {str(k): float(trustworthiness(small, plane, n_neighbors=k)) for k in (1, 5, 12, 20)},
        "cosine": float(trustworthiness(small, plane, n_neighbors=5, metric="cosine")),
    },
}
path = pathlib.Path(__file__).parent.parent / "fixtures" / "umap" / "reference.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)
