"""The Multimodal Universe as others write and read it, with h5py.

multimodal.py write FOLDER   makes a set of two pixels
multimodal.py read FOLDER    prints each example, found as the set's own loader finds it: by a search in sorted ids
"""
import glob
import json
import os
import sys

import h5py
import numpy as np

LISTS = ["spectrum_ene", "spectrum_ene_lo", "spectrum_ene_hi", "spectrum_flux", "spectrum_flux_err"]
SCALARS = ["ra", "dec", "healpix", "hard_hm", "var_prob_b"]


def write(folder):
    rows = {7: [("b", 3), ("a", 0)], 40: [("c", 5)]}
    for pixel, spectra in rows.items():
        place = f"{folder}/spectra/healpix={pixel}"
        os.makedirs(place)
        with h5py.File(f"{place}/001-of-001.hdf5", "w") as file:
            for name in LISTS:
                data = file.create_dataset(name, (len(spectra),), dtype=h5py.special_dtype(vlen=np.dtype("float64")))
                for i, (_, length) in enumerate(spectra):
                    data[i] = np.arange(length) + LISTS.index(name) / 8
            ids = np.char.encode([f"2CXO {name}" for name, _ in spectra], "utf-8")
            file.create_dataset("object_id", data=ids)
            for name in SCALARS:
                file.create_dataset(name, data=np.full(len(spectra), pixel if name == "healpix" else 0.5))


def read(folder):
    examples = {}
    for path in sorted(glob.glob(f"{folder}/spectra/healpix=*/*.hdf5")):
        with h5py.File(path) as data:
            order = np.argsort(data["object_id"])
            ordered = data["object_id"][:][order]
            for key in data["object_id"]:
                i = order[np.searchsorted(ordered, key)]
                assert data["object_id"][i] == key
                examples[key.decode()] = {name: data[name][i].tolist() for name in LISTS + SCALARS} | {
                    "file": os.path.relpath(path, folder)
                }
    print(json.dumps(examples))


{"write": write, "read": read}[sys.argv[1]](sys.argv[2])
