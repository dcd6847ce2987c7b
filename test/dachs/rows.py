"""Writes the rows of the test catalogue, 5,000 of them by a fixed rule: rows.py OUT.csv"""
import csv
import sys

with open(sys.argv[1], "w", newline="") as out:
    rows = csv.writer(out)
    rows.writerow(["name", "ra", "dec", "flux_aper_b", "obsid", "counts", "var_flag"])
    for i in range(5000):
        ra, dec = i * 137.50776405 % 360, (i + 0.5) / 5000 * 160 - 80
        flux = "" if i % 10 == 0 else f"{(i % 97 + 1) * 1e-15:.6e}"
        rows.writerow([f"PB {i:05d}", f"{ra:.10f}", f"{dec:.10f}", flux, 1000 + i % 50, 2**60 + i, int(i % 7 == 0)])
