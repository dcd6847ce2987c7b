"""h5py as the other side. peer.py write FILE writes a table for us to read; peer.py read FILE prints what it finds in ours."""
import json
import sys

import h5py
import numpy as np


def write(path):
    with h5py.File(path, "w", libver="latest") as file:
        spectra = file.create_dataset("spectrum_flux", (3,), dtype=h5py.vlen_dtype(np.float64))
        for row, values in enumerate([[0.25, 0.5, 0.125], [], [1e-300]]):
            spectra[row] = np.array(values)
        channels = file.create_dataset("channels", (3,), dtype=h5py.vlen_dtype(np.int32))
        for row, values in enumerate([[1], [2, 3], [-4, 5, 6]]):
            channels[row] = np.array(values)
        file.create_dataset("name", data=np.array([b"2CXO J1", b"2CXO J22", b""]))
        file.create_dataset("label", data=["é", "two", ""], dtype=h5py.string_dtype())
        # What the Multimodal Universe does with names: bytes of UTF-8, which HDF5 takes for ASCII
        file.create_dataset("object", data=np.char.encode(["β Pic", "Gödel", "plain"], "utf-8"))
        file.create_dataset("listed", data=[text.encode() for text in ["β", "é", "x"]], dtype=h5py.string_dtype("ascii"))
        file.create_dataset("obsid", data=np.array([1, 2, 3]))
        file.create_dataset("large", data=np.array([2**62, 1, -(2**62)]))
        file.create_dataset("big_endian", data=np.array([1.5, np.nan, -2], dtype=">f8"))
        file.create_dataset("packed", data=np.array([7, 8, 9], dtype="i2"), chunks=(2,), compression="gzip", shuffle=True)
        file.create_dataset("is_extended", data=np.array([True, False, True]))
        kinds = h5py.enum_dtype({"AGN": 1, "STAR": 5}, basetype="i4")
        file.create_dataset("kind", data=np.array([5, 1, 1]), dtype=kinds)
        file.create_dataset("cube", data=np.arange(12, dtype="f4").reshape(3, 2, 2))
        file["spectrum_flux"].attrs["unit"] = "ct/s/keV"
        file["spectrum_flux"].attrs["ucd"] = "phot.count"
        file.create_group("more").create_dataset("x", data=np.arange(2))
        file["more"].create_dataset("y", data=np.zeros(2, dtype=[("a", "f8")]))
        file["more"].create_dataset("z", data=np.arange(5))
        file["more"].create_dataset("one", data=1.0)
        file.create_group("latin").create_dataset("name", data=np.array([b"plain", b"G\xf6del"]))


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value]
    value = value.item()
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else "nan" if value != value else value


def read(path):
    with h5py.File(path) as file:
        print(json.dumps({
            name: {
                "dtype": str(h5py.check_vlen_dtype(data.dtype) or data.dtype),
                "shape": data.shape,
                "attrs": {key: plain(value) for key, value in data.attrs.items()},
                "values": [plain(value) for value in data[...]],
            }
            for name, data in file.items()
        }))


{"write": write, "read": read}[sys.argv[1]](sys.argv[2])
