"""Prints what pyarrow and astropy read of two Parquet files and an Arrow file: read_back.py PARQUET ARROW FOR_ASTROPY"""
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from astropy.table import Table

parquet, arrow, for_astropy = sys.argv[1:]


def plain(value):
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


def report(table):
    return {
        "types": {f.name: str(f.type) for f in table.schema},
        "metadata": {f.name: {k.decode(): v.decode() for k, v in (f.metadata or {}).items()} for f in table.schema},
        "rows": {name: [plain(v) for v in table[name].to_pylist()] for name in table.column_names},
    }


units = Table.read(for_astropy, format="parquet.votable")
print(json.dumps({
    "parquet": report(pq.read_table(parquet)),
    "arrow": report(pa.ipc.open_file(arrow).read_all()),
    "astropy": {name: str(units[name].unit) for name in units.colnames},
}))
