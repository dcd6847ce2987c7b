"""Prints what astropy reads from FITS files and VOTables, every value of it, for test/conformance.test.ts.

Usage: astropy_peer.py FILE…      prints [{"hdus": […]} | {"tables": […]} | {"error": …}], one per file

The elements of a column come as one text and its SHA-256: "," between the elements of a cell, ";" between cells,
integers as decimals, reals as the hexadecimal digits of the double, "nan" for all NaNs, "-" for a null, text after a
quote. Pixels and scaled columns are computed here in double precision from the stored integers, as the standard has it.
"""

import gzip
import hashlib
import io
import json
import os
import re
import struct
import sys
import warnings
import xml.etree.ElementTree as ElementTree

import numpy as np
from astropy.io import fits
from astropy.io.votable import parse

warnings.simplefilter("ignore")


def element(value, null=False):
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, (str, np.str_)):
        return "'" + ("" if null else value.rstrip())
    if isinstance(value, (float, np.floating)):
        value = float("nan") if null else float(value)
        return "nan" if value != value else struct.pack(">d", value).hex()
    return "-" if null else str(int(value))


def cell(values, nulls=None):
    """One cell as text; complex numbers are two elements."""
    flat = np.asarray(values).reshape(-1)
    mask = np.zeros(flat.size, bool) if nulls is None else np.broadcast_to(nulls, np.shape(values)).reshape(-1)
    if flat.dtype.kind == "c":
        flat = np.stack([flat.real, flat.imag], -1).reshape(-1)
        mask = np.repeat(mask, 2)
    return ",".join(element(v, n) for v, n in zip(flat.tolist(), mask.tolist()))


def digest(cells):
    text = ";".join(cells)
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "begins": text[:80]}


def bytes_of(hdu, start, end):
    stream = hdu.fileinfo()["file"]
    stream.seek(start)
    return stream.read(end - start)


def header_of(hdu):
    """Keywords and values as the file has them; astropy's own header may have been mended."""
    place = hdu.fileinfo()
    header = fits.Header.fromstring(bytes_of(hdu, place["hdrLoc"], place["datLoc"]))
    cards = []
    for card in header.cards:
        if card.keyword in ("COMMENT", "HISTORY", ""):
            continue
        quoted = re.match(r"[^=]*=\s*'", card.image)
        try:
            value = card.value
        except Exception:  # noqa: BLE001 - astropy refuses the card: nothing to compare
            value = complex()
        if isinstance(value, fits.card.Undefined):
            value = None
        elif isinstance(value, complex) or (isinstance(value, str) and not quoted):
            value = {"unreadable": True}  # or kept as the text that it is
        cards.append([card.keyword, float(value) if isinstance(value, int) and not isinstance(value, bool) else value])
    return cards


def scaled(raw, scale, zero):
    """The physical values; exact integers where the zero only flips the sign, as astropy has them with uint."""
    offsets = {"u1": -128, "i2": 2**15, "i4": 2**31, "i8": 2**63}
    if (scale, zero) == (1, 0):
        return raw
    if scale == 1 and zero == offsets.get(raw.dtype.newbyteorder("=").str[1:]):
        return np.array([int(v) + zero for v in raw.reshape(-1).tolist()], object).reshape(raw.shape)
    return raw.astype(np.float64) * scale + zero


def column_cells(hdu, i):
    column, key = hdu.columns[i], i + 1
    null = hdu.header.get(f"TNULL{key}")
    name = hdu.data.dtype.names[i]
    values = hdu.data.field(i)
    if isinstance(hdu, fits.TableHDU):
        return [cell(v, n) for v, n in zip(values, ascii_nulls(hdu, i))]
    form = column.format
    scale, zero = hdu.header.get(f"TSCAL{key}", 1), hdu.header.get(f"TZERO{key}", 0)
    if "P" in form or "Q" in form:
        rows = [np.asarray(v) for v in values]
        if re.search("[PQ]L", form):
            return [cell(r, n) for r, n in zip(rows, logical_nulls(hdu, name))]
        if rows and rows[0].dtype.kind in "SU":
            return [element("".join(map(str, r.reshape(-1)))) for r in rows]
        return [cell(r, None if null is None or r.dtype.kind not in "iu" else r == null) for r in rows]
    raw = np.asarray(hdu.data.view(np.ndarray)[name])
    if form.endswith("L"):
        return [cell(v, n) for v, n in zip(values, ~np.isin(raw, [ord("T"), ord("F")]))]
    if raw.dtype.kind in "iuf" and "X" not in form:
        nulls = [None] * len(raw) if null is None or raw.dtype.kind == "f" else raw == null
        return [cell(v, n) for v, n in zip(scaled(raw, scale, zero), nulls)]
    return [cell(v) for v in values]


def logical_nulls(hdu, name):
    """Which bytes of the heap are neither T nor F; astropy takes them for F."""
    header = hdu.header
    heap = hdu.fileinfo()["datLoc"] + header.get("THEAP", header["NAXIS1"] * header["NAXIS2"])
    descriptors = hdu.data.view(np.ndarray)[name].tolist()
    return [np.array([c not in b"TF" for c in bytes_of(hdu, heap + at, heap + at + n)], bool) for n, at in descriptors]


def ascii_nulls(hdu, i):
    """Fields that are blank or equal TNULL, from the text itself."""
    header = hdu.header
    start, width = header[f"TBCOL{i + 1}"] - 1, int(hdu.columns[i].format.lstrip("AIFED").split(".")[0])
    null = str(header.get(f"TNULL{i + 1}", "")).strip()
    place, step = hdu.fileinfo()["datLoc"], header["NAXIS1"]
    data = bytes_of(hdu, place, place + step * header["NAXIS2"]).decode("latin-1")
    rows = [data[at + start : at + start + width].strip() for at in range(0, len(data), step or 1)]
    return [row in ("", null) for row in rows]


def fits_column(hdu, i):
    column = hdu.columns[i]
    entry = {"name": column.name, "unit": column.unit or None}
    try:
        return {**entry, **digest(column_cells(hdu, i))}
    except Exception as error:  # noqa: BLE001 - the reason is compared by a person
        return {**entry, "error": f"{type(error).__name__}: {error}"}


def image_of(hdu):
    raw = hdu.data
    if raw is None:
        return None
    if isinstance(hdu, fits.GroupsHDU):
        return digest([cell(raw.field(i)) for i in range(len(raw.dtype.names))])
    null = hdu.header.get("BLANK") if raw.dtype.kind in "iu" else None
    scale, zero = hdu.header.get("BSCALE", 1), hdu.header.get("BZERO", 0)
    return {"shape": list(raw.shape), **digest([cell(scaled(raw, scale, zero), None if null is None else raw == null)])}


def describe_fits(path):
    options = {"memmap": False, "disable_image_compression": True, "uint": True, "do_not_scale_image_data": True}
    with fits.open(path, **options) as hdus:
        out = []
        for hdu in hdus:
            entry = {"name": hdu.name, "header": header_of(hdu)}
            if isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)):
                for i in range(hdu.header["TFIELDS"]):  # without names astropy shows the columns but cannot read them
                    hdu.header.setdefault(f"TTYPE{i + 1}", f"col{i + 1}")
                entry["rows"] = int(hdu.header["NAXIS2"])
                entry["columns"] = [fits_column(hdu, i) for i in range(len(hdu.columns))] if len(hdu.columns) else []
            else:
                entry["image"] = image_of(hdu)
            out.append(entry)
        return {"hdus": out}


def votable_cell(value, datatype):
    """A cell as text; a null is "-", of a real "nan", of text empty."""
    if datatype in ("char", "unicodeChar"):
        array = np.atleast_1d(np.ma.asarray("" if value is None else value)).reshape(-1)
        return element("".join(v.decode() if isinstance(v, bytes) else str(v) for v in array.filled("").tolist()))
    array = np.ma.asarray(value)
    mask = np.ma.getmaskarray(array)
    if value is None or mask.all():  # also of an empty array, which TABLEDATA does not tell from a null one
        return "nan" if datatype in ("float", "double") and not array.ndim else "-"
    return cell(array.data, mask)


def mended(document):
    """What astropy refuses though it can be read, put as astropy takes it; says what was done."""

    def one_string(field):
        """A field of an array of strings as one of a string as long as all of them."""
        return re.sub(rb"(\d+)x(\d+|\*)", lambda n: b"*" if n[2] == b"*" else b"%d" % (int(n[1]) * int(n[2])), field[0])

    plain = document.replace(b' precision=""', b"")
    joined = re.sub(rb'<FIELD[^>]*"(char|unicodeChar)"[^>]*>', one_string, plain)
    notes = ["without an empty precision"] if plain != document else []
    return joined, notes + (["arrays of strings as one string"] if joined != plain else [])


def fields_of(root):
    """FIELD elements of each TABLE, those of the table it refers to where it has none."""
    tables = [e for e in root.iter() if e.tag.split("}")[-1] == "TABLE"]
    own = {t.get("ID"): [f for f in t if f.tag.endswith("FIELD")] for t in tables}
    return [[f for f in t if f.tag.endswith("FIELD")] or own.get(t.get("ref"), []) for t in tables]


def describe_votable(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as stream:
        document = stream.read()
    fields = fields_of(ElementTree.fromstring(document))
    document, notes = mended(document)
    tables = []
    for number, table in enumerate(parse(io.BytesIO(document), verify="ignore").iter_tables()):
        columns = []
        for i, field in enumerate(table.fields):
            cells = [votable_cell(v, field.datatype) for v in table.array[field.ID]] if len(table.array) else []
            unit = fields[number][i].get("unit") or None
            columns.append({"name": field.name or field.ID, "unit": unit, "ucd": field.ucd, **digest(cells)})
        tables.append({"rows": len(table.array), "columns": columns})
    return {"tables": tables, "notes": notes}


def describe(path):
    try:
        return describe_votable(path) if f"{os.sep}votable{os.sep}" in path else describe_fits(path)
    except Exception as error:  # noqa: BLE001 - the reason goes into the table
        return {"error": re.sub(r"^(None:\d+:\d+: )?(E\d+: )*", "", str(error))}


print(json.dumps([describe(path) for path in sys.argv[1:]]))
