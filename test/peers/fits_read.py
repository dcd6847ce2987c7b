"""Reads all columns of the EVENTS table of a FITS file into native arrays with astropy, best of N.

Usage: python fits_read.py FILE REPEATS      prints {"seconds": …, "sum": …}
"""

import json
import sys
import time

import numpy as np
from astropy.io import fits

path, repeats = sys.argv[1], int(sys.argv[2])
best, total = float("inf"), 0.0
for _ in range(repeats):
    began = time.perf_counter()
    with fits.open(path, memmap=False) as hdus:
        table = hdus["EVENTS"].data
        columns = {}
        for name in table.dtype.names:
            values = table[name]
            columns[name] = values.astype(values.dtype.newbyteorder("="))
    best = min(best, time.perf_counter() - began)
    total = sum(float(np.sum(values, dtype=np.float64)) for values in columns.values())
print(json.dumps({"seconds": best, "sum": total}))
