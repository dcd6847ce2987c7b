"""Bins of a spectrum as the Multimodal Universe makes them, by Sherpa: a reference for test/src/spectra/flux-lists.test.ts.

Made with sherpa==4.18.0 and astropy==8.0.2 as its FITS backend.

    python test/peers/multimodal_sherpa.py ../shared/data/spectra > test/fixtures/spectra/flux-lists.json

Writes one JSON object: the lists of each spectrum, and whether a background was subtracted.
"""

import json
import logging
import sys

logging.disable(logging.WARNING)

from sherpa.astro import ui  # noqa: E402

CASES = {
    "acis_23022_csc/acisf23022_000N027_r0122_pha3.fits.gz": ("_pha3", "_arf3", "_rmf3"),
    "acis_4938_csc/acisf04938_000N002_r0043_pha3.fits": ("_pha3", "_arf3", "_rmf3"),
    "acis_9774_3c186/9774.pi": (".pi", ".arf", ".rmf"),
}


def lists(folder, path, parts):
    spectrum, area, matrix = parts
    ui.clean()
    ui.load_pha(f"{folder}/{path}", use_errors=False)
    ui.load_arf(f"{folder}/{path.replace(spectrum, area)}")
    ui.load_rmf(f"{folder}/{path.replace(spectrum, matrix)}")
    ui.set_analysis("energy")
    ui.ungroup()
    ui.ignore("0.:0.5,8.0:")
    subtracted = bool(ui.list_bkg_ids())
    if subtracted:
        ui.subtract()
    ui.group_counts(5)
    plot = ui.get_data_plot()
    named = {
        "spectrum_ene": plot.x,
        "spectrum_ene_lo": plot.xlo,
        "spectrum_ene_hi": plot.xhi,
        "spectrum_flux": plot.y,
        "spectrum_flux_err": plot.yerr,
    }
    return {"subtracted": subtracted} | {
        name: [float(f"{value:.9g}") for value in values] for name, values in named.items()
    }


def main(folder):
    json.dump({path: lists(folder, path, parts) for path, parts in CASES.items()}, sys.stdout)


main(sys.argv[1])
