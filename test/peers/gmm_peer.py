"""Times scikit-learn for test/bench/gmm.bench.ts: python gmm_peer.py DATA.f64 N D INIT.json ITERATIONS

Prints JSON: best seconds of three fits and the mean log-likelihood.
"""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
path, n, d, init, iterations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
x = np.fromfile(path, dtype="<f8").reshape(n, d)
start = json.load(open(init))
seconds = []
for _ in range(3):
    mixture = GaussianMixture(
        len(start["weights"]), tol=0, max_iter=iterations,
        weights_init=start["weights"], means_init=start["means"], precisions_init=start["precisions"],
    )
    began = time.perf_counter()
    mixture.fit(x)
    seconds.append(time.perf_counter() - began)
print(json.dumps({"seconds": min(seconds), "score": mixture.score(x)}))
