/** What is needed of an event list to count its photons by energy. */
export interface EnergyPhotons {
  readonly name?: string;
  /** Photon energies, keV. */
  readonly energyKeV: ArrayLike<number>;
  /** Live exposure, s. */
  readonly exposureSec: number;
}

/** Counts by energy; what `pileup.emulate` takes as incident counts. */
export interface EnergyHistogram {
  readonly name: string;
  /** Counts per bin, shape (nBins,). */
  readonly counts: Float64Array;
  /** Lower and upper edges of the bins, keV, shape (nBins,). */
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
  readonly exposureSec: number;
  /** Photons outside the bins or without an energy. */
  readonly outside: number;
}

/**
 * Counts photons by energy.
 *
 * @param options.rangeKeV Lowest and highest edge, keV. Default 0.3–10.
 * @param options.binKeV Width of a bin, keV; the last bin may reach beyond the range. Default 0.0146, an ACIS channel.
 * @throws {RangeError} If the range is empty or the bins have no width.
 * @example pileup.emulate(energyHistogram(events), { frameTimeSec: 3.2 })
 */
export function energyHistogram(
  photons: EnergyPhotons,
  options: { rangeKeV?: readonly [number, number]; binKeV?: number } = {},
): EnergyHistogram {
  const { rangeKeV = [0.3, 10], binKeV = 0.0146 } = options;
  const [low, high] = rangeKeV;
  if (!(low < high && binKeV > 0)) {
    throw new RangeError(
      `Cannot count photons by energy: rangeKeV must ascend and binKeV be > 0: current values are ${low}–${high} and ${binKeV}`,
    );
  }
  const nBins = Math.ceil((high - low) / binKeV - 1e-9);
  const counts = new Float64Array(nBins);
  let outside = 0;
  for (let i = 0; i < photons.energyKeV.length; i++) {
    const bin = Math.floor((photons.energyKeV[i]! - low) / binKeV);
    if (bin >= 0 && bin < nBins) counts[bin]! += 1;
    else outside++;
  }
  return {
    name: photons.name ?? "photons",
    counts,
    loKeV: counts.map((_, bin) => low + bin * binKeV),
    hiKeV: counts.map((_, bin) => low + (bin + 1) * binKeV),
    exposureSec: photons.exposureSec,
    outside,
  };
}
