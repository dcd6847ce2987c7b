"""Times umap-learn for test/bench/umap.bench.ts: python umap_peer.py DATA.f32 N D OUT_PREFIX

Prints JSON seconds; writes the embeddings as float32. Compiling (numba) is done before on other rows and not timed.
"""
import json
import sys
import time
import warnings

import numpy as np
import umap

warnings.filterwarnings("ignore")
path, n, d, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
x = np.fromfile(path, dtype="<f4").reshape(n, d)
seconds = {}
for name, seed in (("seeded", 1), ("threads", None)):
    umap.UMAP(random_state=seed, n_epochs=5).fit(np.random.default_rng(0).normal(size=(4500, d)).astype(np.float32))
    began = time.perf_counter()
    embedding = umap.UMAP(random_state=seed, n_epochs=200).fit_transform(x)
    seconds[name] = time.perf_counter() - began
    embedding.astype("<f4").tofile(f"{out}.{name}.f32")
print(json.dumps(seconds))
