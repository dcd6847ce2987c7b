import type { Matrix } from "../../src/array/index.ts";
import { exposureSec, goodTimeBefore } from "../../src/gti/index.ts";
import type { PhotonRecord } from "../../src/ppad/index.ts";
import { gregoryLoredo, uniformityOfPhases } from "../../src/timing/index.ts";

const BINS = 12;
/** CSC's soft, medium and hard band, keV. */
const EDGES_KEV = [0.5, 1.2, 2, 7];

/**
 * What an astronomer would take of a photon list before any network: brightness, hardness, tests of variability, and
 * the binned curve. Shape (n, 20).
 */
export function handMadeFeatures(records: readonly PhotonRecord[]): Matrix<Float64Array> {
  const rows = records.map(featuresOf);
  return { data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]!.length] };
}

function featuresOf({ timeSec, energyKeV, gti }: PhotonRecord): number[] {
  const n = timeSec.length;
  const liveSec = exposureSec(gti);
  const phase = goodTimeBefore(gti, timeSec).map((time) => time / liveSec);
  // One photon a bin in all keeps ratios of few photons finite
  const profile = new Float64Array(BINS).fill(1 / BINS);
  for (const at of phase) profile[Math.min(BINS - 1, Math.floor(BINS * at))]!++;
  const shares = Array.from(profile, (count) => count / (n + 1));
  const bands = EDGES_KEV.slice(1).map(
    (high, band) => energyKeV.filter((e) => e >= EDGES_KEV[band]! && e < high).length,
  );
  const [soft, medium, hard] = bands.map((count) => count + 0.5) as [number, number, number];
  const ratio = (a: number, b: number) => (a - b) / (a + b);
  const { logOdds } = gregoryLoredo({ timeSec, energyKeV, gti } as never, { band: [0.5, 7] });
  const { ksPValue } = uniformityOfPhases(phase);
  return [
    Math.log10(n / liveSec),
    Math.log10(n),
    ratio(hard, soft),
    ratio(hard, medium),
    ratio(medium, soft),
    Math.sign(logOdds) * Math.log1p(Math.abs(logOdds)),
    Math.log10(Math.max(1e-30, ksPValue)),
    BINS * Math.max(...shares),
    ...shares,
  ];
}
