"""Reads an ECSV file with astropy and prints its columns as JSON; or, with "write", writes one that ours reads."""
import json
import sys

import numpy as np
from astropy.table import MaskedColumn, Table

command, path = sys.argv[1:]
if command == "write":
    table = Table(meta={"comment": "made by astropy"})
    table["name"] = ["a b", 'say "x"', ""]
    table["ra"] = np.array([10.625, 1 / 3, -1e-300])
    table["ra"].unit = "deg"
    table["ra"].description = "Right ascension: J2000"
    table["ra"].info.meta = {"ucd": "pos.eq.ra"}
    table["flux"] = np.array([0.1, np.nan, np.inf], dtype="float32")
    table["n"] = MaskedColumn(np.array([1, 2, 3], dtype="int32"), mask=[False, True, False])
    table["id"] = np.array([2**62 + 1, 1, -5])
    table["ok"] = MaskedColumn([True, False, True], mask=[False, False, True])
    table["code"] = ["007", "1", "x"]
    table["pair"] = np.arange(6.0).reshape(3, 2)
    table.write(path, format="ascii.ecsv", overwrite=True)
else:
    table = Table.read(path, format="ascii.ecsv")
    columns = [
        {
            "name": column.name,
            "unit": None if column.unit is None else str(column.unit),
            "description": column.description,
            "ucd": (column.info.meta or {}).get("ucd"),
            "dtype": column.dtype.kind,
            "values": ["inf" if value == np.inf else value for value in column.tolist()],
        }
        for column in table.itercols()
    ]
    print(json.dumps(columns, default=str))
