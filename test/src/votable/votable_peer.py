"""Reads VOTables with astropy, or writes random ones, for the tests beside it.

Usage: votable_peer.py read FILE…               prints [{"rows": n, "fields": [{…, "cells": […], "nulls": […]}]}]
       votable_peer.py write FOLDER SEED COUNT  writes COUNT tables in three serialisations and prints the same

Cells are lists of numbers as text (exact: repr of doubles, float32 as doubles), texts as they are.
"""

import json
import os
import sys
import warnings

import numpy as np
from astropy.io.votable import from_table, parse
from astropy.io.votable.tree import Field, Resource, TableElement, VOTableFile

warnings.simplefilter("ignore")


def plain(value):
    """A cell as lists of texts."""
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, (str, bytes)):
        return value if isinstance(value, str) else value.decode()
    array = np.ma.asarray(value)
    mask = np.ma.getmaskarray(array).reshape(-1)
    flat = np.asarray(array.data).reshape(-1)
    pair = flat.dtype.kind == "c"
    if flat.dtype.kind in "SUO":
        return [v if isinstance(v, str) else v.decode() for v in flat.tolist()]
    if flat.dtype.kind == "c":
        flat = flat.view(np.float32 if flat.dtype.itemsize == 8 else np.float64)
        mask = np.repeat(mask, 2)
    items = [None if m else str(int(v)) if flat.dtype.kind in "iub" else repr(float(v)) for v, m in zip(flat, mask)]
    return items if array.ndim or pair else items[0]


def describe(path):
    out = []
    for table in parse(path).iter_tables():
        fields = []
        for field in table.fields:
            column = table.array[field.ID]
            fields.append(
                {
                    "name": field.name,
                    "datatype": field.datatype,
                    "unit": None if field.unit is None else str(field.unit),
                    "ucd": field.ucd,
                    "utype": field.utype,
                    "description": field.description,
                    "cells": [plain(v) for v in column],
                }
            )
        out.append({"rows": len(table.array), "fields": fields, "params": [[p.name, str(p.value)] for p in table.params]})
    return out


def random_table(rng, votable):
    """One of each datatype, scalar, fixed and variable, with nulls."""
    table = TableElement(votable)
    n = int(rng.integers(0, 30))
    fields, columns = [], []
    ints = {"unsignedByte": (0, 255), "short": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}
    for datatype in [*ints, "float", "double", "floatComplex", "doubleComplex", "boolean", "char", "unicodeChar", "bit"]:
        for size in [None, "3", "*", "2x2"]:
            if datatype in ("char", "unicodeChar") and size in (None, "2x2"):
                continue
            if datatype == "bit" and size == "*":
                continue  # astropy writes a byte per bit there, the standard wants eight bits in one
            field = Field(votable, name=f"{datatype} {size}", ID=f"{datatype}{len(fields)}", datatype=datatype, **({} if size is None else {"arraysize": size}),
                          unit="keV" if datatype == "double" else None, ucd="meta.id" if size is None else None)
            if datatype in ints and size is None:
                field.values.null = 7
            fields.append(field)
            columns.append((datatype, size))
    table.fields.extend(fields)
    table.create_arrays(n)

    def element(datatype, shape):
        if datatype in ints:
            low, high = ints[datatype]
            width = {"unsignedByte": np.uint8, "short": np.int16, "int": np.int32, "long": np.int64}[datatype]
            return np.asarray(rng.integers(low, high, endpoint=True, size=shape, dtype=np.int64)).astype(width)
        if datatype in ("boolean", "bit"):
            return rng.integers(0, 2, size=shape).astype(bool)
        real = rng.standard_normal(shape) * 10.0 ** rng.integers(-20, 20, shape)
        if "Complex" in datatype:
            return (real + 1j * rng.standard_normal(shape)).astype(np.complex64 if datatype == "floatComplex" else complex)
        return np.asarray(real).astype(np.float32 if datatype == "float" else float)

    for row in range(n):
        for field, (datatype, size) in zip(fields, columns):
            if datatype in ("char", "unicodeChar"):
                letters = "abc <&>\"'" if datatype == "char" else "aé漢 <&>"
                length = int(rng.integers(0, 4))
                table.array[field.ID][row] = "x" + "".join(rng.choice(list(letters), length)).rstrip() if length < 3 else "x"
            elif size == "*":
                items = element(datatype, int(rng.integers(1, 5)))
                table.array.data[field.ID][row] = np.ma.array(items, mask=np.zeros(items.shape, bool))
            elif size is None:
                table.array[field.ID][row] = element(datatype, ())
                if datatype in ints and rng.random() < 0.2:
                    table.array.mask[field.ID][row] = True
            else:
                table.array[field.ID][row] = element(datatype, (3,) if size == "3" else (2, 2))
    return table


if sys.argv[1] == "read":
    print(json.dumps([describe(path) for path in sys.argv[2:]]))
else:
    folder, seed, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    rng = np.random.default_rng(seed)
    out = {}
    for i in range(count):
        votable = VOTableFile(version="1.4")
        resource = Resource()
        votable.resources.append(resource)
        table = random_table(rng, votable)
        resource.tables.append(table)
        for form in ["tabledata", "binary", "binary2"]:
            path = os.path.join(folder, f"{i}-{form}.vot")
            votable.version = "1.2" if form == "binary" else "1.4"
            table.format = form
            votable.to_xml(path)
            out[path] = describe(path)
    print(json.dumps(out))
