"""Random tables and images that astropy writes, and the values astropy reads from files.

Usage: python tables_peer.py FOLDER SEED COUNT FILE …
       writes COUNT files into FOLDER; prints {path: [hdu, …]} of them and of the FILEs, an hdu being
       [[column, [value, …]], …]; values are texts, those of arrays follow one another, an image is the column "".
"""

import json
import os
import sys
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
folder, seed, count, *files = sys.argv[1:]
rng = np.random.default_rng(int(seed))
WHOLE = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8"]
LETTERS = {"u1": "B", "i2": "I", "i4": "J", "i8": "K", "f4": "E", "f8": "D"}
ZEROS = {"i1": ("B", -128), "u2": ("I", 2**15), "u4": ("J", 2**31), "u8": ("K", 2**63)}


def numbers(dtype, shape):
    if dtype[0] == "f":
        values = rng.normal(size=shape) * 10.0 ** rng.integers(-30, 30, shape)
        return np.where(rng.random(shape) < 0.1, rng.choice([np.nan, np.inf, -np.inf, -0.0], shape), values).astype(dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    edges = rng.choice(np.array([low, high], dtype), shape)
    return np.where(rng.random(shape) < 0.2, edges, rng.integers(low, high, shape, dtype, endpoint=True)).astype(dtype)


def column(i, rows):
    kind = rng.choice([*WHOLE, "f4", "f8", "A", "L", "P", "Q"])
    name = f"c{i}_{kind}"
    if kind == "A":
        texts = ["".join(rng.choice(list("abc XYZ'&/"), rng.integers(0, 12))).rstrip() for _ in range(rows)]
        return fits.Column(name, "12A", array=np.array(texts, "U12"))
    if kind == "L":
        return fits.Column(name, "L", array=rng.random(rows) < 0.5)
    if kind in "PQ":
        dtype = rng.choice(list(LETTERS))
        cells = [numbers(dtype, int(rng.integers(0, 6))) for _ in range(rows)]
        array = np.empty(rows, object)
        array[:] = cells
        return fits.Column(name, f"{kind}{LETTERS[dtype]}()", array=array)
    repeat = int(rng.choice([1, 1, 3]))
    values = numbers(kind, rows if repeat == 1 else (rows, repeat))
    letter, zero = ZEROS.get(kind, (LETTERS.get(kind), None))
    return fits.Column(name, f"{repeat}{letter}", array=values, bzero=zero)


for number in range(int(count)):
    rows = int(rng.integers(1, 20))
    table = fits.BinTableHDU.from_columns([column(i, rows) for i in range(rng.integers(1, 7))])
    dtype = rng.choice(["u1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"])
    image = fits.ImageHDU(numbers(dtype, tuple(rng.integers(1, 5, rng.integers(1, 4)))))
    path = os.path.join(folder, f"astropy-{number}.fits")
    fits.HDUList([fits.PrimaryHDU(), table, image]).writeto(path, checksum=True)
    files.append(path)


def texts(values):
    if isinstance(values, (str, np.str_)):
        return [str(values)]
    values = np.asarray(values)
    if values.dtype.kind == "O":
        return [text for cell in values for text in texts(cell)]
    if values.dtype.kind == "b":
        return [str(int(value)) for value in values.ravel()]
    if values.dtype.kind == "f":
        return [repr(float(value)) for value in values.ravel()]
    return [str(value) for value in values.ravel()]


def read(hdu):
    if isinstance(hdu, fits.BinTableHDU):
        return [[name, texts(list(hdu.data[name]) if hdu.data[name].dtype.kind == "U" else hdu.data[name])] for name in hdu.columns.names]
    return [["", texts(hdu.data)]] if hdu.data is not None else []


found = {}
warnings.simplefilter("error")  # a wrong checksum is a warning
for path in files:
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        found[path] = [read(hdu) for hdu in hdus]
print(json.dumps(found))
