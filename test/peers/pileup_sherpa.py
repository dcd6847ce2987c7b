"""Piled counts from Sherpa's own pile-up model, as a reference for test/src/pileup.

Made with sherpa==4.18.0 (PyPI has its source only; building wants bison and flex) and astropy as its FITS backend.
XSPEC is not needed: the model is Sherpa's `powlaw1d`.

    python test/peers/pileup_sherpa.py ../shared/data/spectra/sherpa_pileup > test/fixtures/pileup/sherpa.json

Writes one JSON object: per case the pile-up parameters, the model's, the counts per channel, the number of terms, the
integral of a(E) and the weights of the orders; and the plainly folded counts of the first case.
"""

import json
import logging
import sys

logging.disable(logging.WARNING)

import sherpa  # noqa: E402
from sherpa.astro import ui  # noqa: E402
from sherpa.astro.instrument import Response1D  # noqa: E402

CASES = [
    # name, gamma, norm, alpha, f, ftime, fracexp, n, g0
    ("faint", 1.7, 1.0e-5, 0.5, 0.95, 3.241, 0.987, 1.0, 1.0),
    ("moderate", 1.41887, 2.0e-4, 0.522593, 0.913458, 3.2, 1.0, 1.0, 1.0),
    ("bright", 2.2, 5.0e-4, 0.8, 0.92, 3.241, 0.987, 1.0, 1.0),
    ("regions", 1.2, 2.0e-3, 0.3, 1.0, 1.6, 0.9, 2.0, 0.9),
    # Reaches 13 terms, where the reference's 32-bit factorial has overflowed: kept to show the difference.
    ("overflow", 1.41887, 1.99457e-3, 0.522593, 0.913458, 3.2, 1.0, 1.0, 1.0),
]


def rounded(values):
    """Ten digits: enough for a comparison to 1e-6 and half the size."""
    return [float(f"{value:.10g}") for value in values]


def main(folder):
    ui.load_pha(f"{folder}/source_bin10.pi")
    ui.ungroup()
    ui.set_source(ui.powlaw1d.pl)
    ui.set_pileup_model(ui.jdpileup.jdp)
    cases = []
    for name, gamma, norm, alpha, f, ftime, fracexp, n, g0 in CASES:
        pl, jdp = ui.get_model_component("pl"), ui.get_model_component("jdp")
        pl.gamma, pl.ampl = gamma, norm
        jdp.alpha, jdp.f, jdp.ftime, jdp.fracexp, jdp.n, jdp.g0 = alpha, f, ftime, fracexp, n, g0
        pha = ui.get_data()
        piled = ui.get_model()(*pha.get_indep())
        unpiled = Response1D(pha)(pl)(*pha.get_indep())
        fractions, integral, terms = jdp._results
        cases.append(
            {
                "name": name,
                "gamma": gamma,
                "norm": norm,
                "gradeMigration": alpha,
                "psfFraction": f,
                "frameTimeSec": ftime,
                "fracExposure": fracexp,
                "nRegions": n,
                "singleGrade": g0,
                "terms": int(terms),
                "integral": float(integral),
                "fractions": rounded(fractions[: terms + 1]),
                "piled": rounded(piled),
                **({} if cases else {"unpiled": rounded(unpiled)}),
            }
        )
    json.dump({"sherpa": sherpa.__version__, "cases": cases}, sys.stdout)


main(sys.argv[1])
