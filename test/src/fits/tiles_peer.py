"""Images compressed in tiles by astropy, and the pixels that astropy reads back from each file.

Usage: python tiles_peer.py FOLDER [FILE …]
Writes NAME.fits for the cases below and NAME.raw (little-endian doubles) for them and for the files given, and prints
{"NAME": {"path": …, "shape": […]}}.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits

folder, files = Path(sys.argv[1]), sys.argv[2:]
rng = np.random.default_rng(7)
warnings.simplefilter("ignore")


def smooth(dtype, low, high):
    """Like a sky: a smooth level with noise and a few bright pixels."""
    y, x = np.mgrid[0:37, 0:53]
    image = low + (high - low) * (0.3 + 0.2 * np.sin(x / 9) * np.cos(y / 7)) + rng.normal(0, (high - low) / 500, x.shape)
    image[rng.random(x.shape) < 0.01] = high
    return image.astype(dtype)


with_nan = smooth("f4", 0, 100)
with_nan[3:6, 10:20] = np.nan
with_zero = smooth("f4", -5, 5)
with_zero[::3, ::2] = 0
mask = (rng.random((37, 53)) < 0.2).astype("i2") * rng.integers(1, 9000, (37, 53)).astype("i2")
mask[10:20] = 4097
cube = rng.integers(-300, 300, (5, 7, 11)).astype("i4")

cases = {
    "rice-u1": (smooth("u1", 0, 200), {"compression_type": "RICE_1"}),
    "rice-i2": (smooth("i2", -3000, 30000), {"compression_type": "RICE_1"}),
    "rice-i2-noise": (rng.integers(-32768, 32767, (37, 53)).astype("i2"), {"compression_type": "RICE_1"}),
    "rice-u2": (smooth("u2", 0, 60000), {"compression_type": "RICE_1"}),
    "rice-i4": (smooth("i4", -(2**30), 2**30), {"compression_type": "RICE_1"}),
    "rice-constant": (np.full((20, 30), 7, "i4"), {"compression_type": "RICE_1"}),
    "rice-tiles": (smooth("i2", 0, 3000), {"compression_type": "RICE_1", "tile_shape": (10, 16)}),
    "rice-cube": (cube, {"compression_type": "RICE_1", "tile_shape": (2, 3, 4)}),
    "gzip1-u1": (smooth("u1", 0, 200), {"compression_type": "GZIP_1"}),
    "gzip1-i8": (rng.integers(-(2**50), 2**50, (9, 8)), {"compression_type": "GZIP_1"}),
    "gzip2-i2": (smooth("i2", -3000, 30000), {"compression_type": "GZIP_2"}),
    "gzip2-f4-lossless": (smooth("f4", 0, 1), {"compression_type": "GZIP_2", "quantize_level": 0}),
    "gzip1-f8-lossless": (smooth("f8", 0, 1), {"compression_type": "GZIP_1", "quantize_level": 0}),
    "rice-f4-no-dither": (smooth("f4", 0, 100), {"compression_type": "RICE_1", "quantize_method": -1}),
    "rice-f4-dither1": (with_nan, {"compression_type": "RICE_1", "quantize_method": 1, "dither_seed": 5}),
    "gzip1-f8-dither1": (smooth("f8", -1e6, 1e6), {"compression_type": "GZIP_1", "quantize_method": 1, "dither_seed": 10000}),
    "rice-f4-dither2": (with_zero, {"compression_type": "RICE_1", "quantize_method": 2, "dither_seed": 77}),
    "plio-i2": (mask, {"compression_type": "PLIO_1"}),
    "plio-i4": (mask.astype("i4") * 300, {"compression_type": "PLIO_1"}),
    "none-i4": (cube, {"compression_type": "NOCOMPRESS"}),
}
for name, (data, options) in cases.items():
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(data, **options)]).writeto(folder / f"{name}.fits")

out = {}
for path in [*(folder / f"{name}.fits" for name in cases), *map(Path, files)]:
    with fits.open(path) as hdus:
        data = next(hdu.data for hdu in hdus if isinstance(hdu, fits.CompImageHDU))
    data.astype("<f8").tofile(folder / f"{path.stem}.raw")
    out[path.stem] = {"path": str(path), "shape": data.shape, "raw": str(folder / f"{path.stem}.raw")}
print(json.dumps(out))
