"""Makes src/spectra/tbabs-coefficients.ts: photoelectric absorption of neutral gas with interstellar abundances.

Pinned: xraydb==4.5.8 (Elam, Ravel & Sieber 2002, Radiation Physics and Chemistry 63, 121; public domain), numpy.
Abundances: Anders & Grevesse 1989 (photosphere), Wilms, Allen & McCray 2000, both as 12 + log10(n/n_H).

    python test/peers/tbabs_coefficients.py > src/spectra/tbabs-coefficients.ts

Between two absorption edges ln(sigma E^3 / 1e-22 cm2 keV3) is a cubic in ln(E/keV); the fit's worst error is printed
to stderr.
"""

import sys

import numpy as np
import xraydb

ELEMENTS = "H He C N O Ne Na Mg Al Si P S Cl Ar Ca Ti Cr Mn Fe Co Ni".split()
ANDERS_GREVESSE = [12, 10.99, 8.56, 8.05, 8.93, 8.09, 6.33, 7.58, 6.47, 7.55, 5.45, 7.21, 5.50, 6.56, 6.36, 4.99, 5.67, 5.39, 7.67, 4.92, 6.25]
WILMS = [12, 10.99, 8.38, 7.88, 8.69, 7.94, 6.16, 7.40, 6.33, 7.27, 5.42, 7.09, 5.12, 6.41, 6.20, 4.81, 5.51, 5.34, 7.43, 4.92, 6.05]
LOW, HIGH = 0.1, 15.0
GRAM = 1.66053907e-24


def cross_section(energy, abundances):
    """cm2 per hydrogen atom."""
    total = np.zeros_like(energy)
    for element, abundance in zip(ELEMENTS, abundances):
        per_gram = xraydb.mu_elam(element, energy * 1000, kind="photo")
        total += 10 ** (abundance - 12) * per_gram * xraydb.atomic_mass(element) * GRAM
    return total


def edges():
    """Energies at which the total jumps by more than 0.05 %, keV."""
    found = set()
    for element in ELEMENTS:
        for edge in xraydb.xray_edges(element).values():
            energy = edge.energy / 1000
            if LOW * 1.05 < energy < HIGH:
                for abundances in (ANDERS_GREVESSE, WILMS):
                    below, above = cross_section(energy * np.array([1 - 1e-5, 1 + 1e-5]), abundances)
                    if above / below > 1.0005:
                        found.add(energy)
    return [LOW, *sorted(found), HIGH]


def rows(abundances):
    worst = 0
    bounds = edges()
    for lo, hi in zip(bounds, bounds[1:]):
        energy = np.geomspace(lo * (1 + 2e-5), hi * (1 - 2e-5), 400)
        target = np.log(cross_section(energy, abundances) * energy**3 / 1e-22)
        degree = 3 if hi / lo > 1.1 else 1
        c = np.polynomial.polynomial.polyfit(np.log(energy), target, degree)
        worst = max(worst, np.abs(np.polynomial.polynomial.polyval(np.log(energy), c) - target).max())
        yield [lo, *[float(f"{value:.7g}") for value in c], *[0.0] * (3 - degree)]
    print(f"worst relative error {worst:.2g}", file=sys.stderr)


def table(name, comment, abundances):
    print(f"\n/** {comment} */\nexport const {name}: readonly AbsorptionRow[] = [")
    for row in rows(abundances):
        print("  [" + ", ".join(f"{value:.7g}" for value in row) + "],")
    print("];")


print("// Made by test/peers/tbabs_coefficients.py from the cross-sections of Elam, Ravel & Sieber (2002, public domain).\n")
print("/** From this energy (keV) on, ln(σ E³ / 1e-22 cm² keV³) = c0 + c1 L + c2 L² + c3 L³ with L = ln(E/keV). */")
print("export type AbsorptionRow = readonly [fromKeV: number, c0: number, c1: number, c2: number, c3: number];")
table("ANDERS_GREVESSE", "Neutral gas with the abundances of Anders & Grevesse 1989, XSPEC's default.", ANDERS_GREVESSE)
table("WILMS", "Neutral gas with the abundances of Wilms, Allen & McCray 2000.", WILMS)
