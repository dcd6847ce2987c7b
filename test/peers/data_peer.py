"""The peers' side of the data benchmark; see test/bench/data/ours.ts, which prints the same.

Usage: python data_peer.py TASK PEER FILE REPEATS TASKS.json
       prints {"first": s, "again": s or null, "peakMB": MB, "check": number}
"""

import json
import re
import sys
import time

import numpy as np


def native(values):
    """As ours: contiguous and in the machine's byte order, so that every value has been touched."""
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))


def sum_all(columns):
    return sum(float(np.nansum(values, dtype=np.float64)) for values in columns)


def astropy_columns(path, names):
    from astropy.io import fits

    def run():
        with fits.open(path, memmap=True) as hdus:
            data = hdus[1].data
            return [native(data[name]) for name in names or data.dtype.names]

    return run, sum_all


def fitsio_columns(path, names):
    import fitsio

    def run():
        data = fitsio.read(path, ext=1, columns=names)
        return [native(data[name]) for name in data.dtype.names]

    return run, sum_all


def votable(path):
    from astropy.io.votable import parse

    def check(array):
        names = [name for name in array.dtype.names if array.dtype[name].kind in "fib"]
        return sum_all([np.ma.filled(array[name].astype(float), np.nan) for name in names])

    return lambda: parse(path).get_first_table().array, check


def sql(path, query):
    import duckdb

    def run():
        with duckdb.connect() as connection:
            return connection.execute(query.replace("sources", f"'{path}'")).fetchnumpy()

    return run, lambda columns: len(columns["ra"]) + float(np.sum(columns["ra"]))


def match(path, radius):
    import astropy.units as u
    from astropy.coordinates import SkyCoord, match_coordinates_sky

    values = np.fromfile(path)
    left, right = int(values[0]), int(values[1])
    parts = np.split(values[2:], np.cumsum([left, left, right]))
    a, b = SkyCoord(parts[0], parts[1], unit="deg"), SkyCoord(parts[2], parts[3], unit="deg")

    def run():
        # storekdtree=False: each run builds the tree, as a first one does
        index, separation, _ = match_coordinates_sky(a, b, storekdtree=False)
        arcsec = separation.to_value(u.arcsec)
        return arcsec[arcsec <= radius]

    return run, lambda arcsec: float(np.sum(arcsec))


def photons(path):
    values = np.fromfile(path)
    sources = int(values[0])
    counts = values[1 : 1 + sources].astype(int)
    return np.split(values[1 + sources :], np.cumsum(counts)[:-1])


def gregory_loredo(path):
    """ln S of Gregory & Loredo (1992) as the CSC has it, vectorised over photons and bins."""
    from scipy.special import gammaln

    lists = photons(path)
    span, m_top = 30_000, 600
    ln_factorial = gammaln(np.arange(2000) + 1.0)
    m = np.arange(2, m_top + 1)

    def ln_s(times):
        n = len(times)
        phase = times / span
        arrangements = [ln_factorial[np.bincount((phase * bins).astype(np.intp))].sum() for bins in m]
        ln_odds = gammaln(m) - gammaln(n + m) + n * np.log(m) + np.array(arrangements)
        ln_sums = np.logaddexp.accumulate(ln_odds) - np.log(m - 1)
        # the largest m with S above its maximum over the square root of e
        last = np.flatnonzero(ln_sums > ln_sums.max() - 0.5)
        return ln_sums[last[-1]]

    return lambda: [ln_s(times) for times in lists], lambda values: float(np.sum(values))


def blocks(path):
    from astropy.stats import bayesian_blocks

    lists = photons(path)

    def prior(n):
        return 4 - np.log(73.53 * 0.05 * n**-0.478)

    def run():
        return [len(bayesian_blocks(times, fitness="events", ncp_prior=prior(len(times)))) - 1 for times in lists]

    return run, lambda values: float(np.sum(values))


task, peer, path, repeats, options = sys.argv[1:]
options = json.loads(options)
run, check = {
    "events": lambda: (astropy_columns if peer == "astropy" else fitsio_columns)(path, None),
    "columns": lambda: (astropy_columns if peer == "astropy" else fitsio_columns)(path, options["columns"]),
    "binary2": lambda: votable(path),
    "tabledata": lambda: votable(path),
    "sql": lambda: sql(path, options["filter"]),
    "match": lambda: match(path, options["matchArcsec"]),
    "gregory-loredo": lambda: gregory_loredo(path),
    "blocks": lambda: blocks(path),
}[task]()
seconds = []
for _ in range(int(repeats)):
    began = time.perf_counter()
    result = run()
    seconds.append(time.perf_counter() - began)
    value = check(result)
    del result
# The counter of getrusage would start at the memory of the process that started this one.
peak = int(re.search(r"^VmHWM:\s+(\d+)", open("/proc/self/status").read(), re.M)[1]) / 1000
again = min(seconds[1:]) if len(seconds) > 1 else None
print(json.dumps({"first": seconds[0], "again": again, "peakMB": peak, "check": value}))
