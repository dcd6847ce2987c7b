import { Rng } from "../random/index.ts";
import { drawEmission, type EmissionPart } from "./emission.ts";
import { drawFields, type SkyField } from "./field.ts";
import { APERTURE_R90, BACKGROUND_COUNTS, BACKGROUND_SURFACE_RATE, PIXEL_ARCSEC, radius90 } from "./instrument.ts";
import { formatSourceName, skyPosition } from "./position.ts";
import { type Profile, profileIntegral } from "./profile.ts";
import type { SkySource, SourceKind, SpectralComponent } from "./source.ts";
import { areaOnGrid, bandFractions, countSpectrum, photonSpectrum } from "./spectrum.ts";

/** Most counts a source may be expected to give. */
const MAX_COUNTS = 6000;

interface KindPlan {
  readonly share: number;
  readonly minCounts: number;
  readonly maxCounts: number;
  readonly minSpanSec: number;
}

/** Share of each kind in a sky, and the fewest and shortest it is simulated with: less could show nothing of it. */
const KINDS: Readonly<Record<SourceKind, KindPlan>> = {
  constant: { share: 0.62, minCounts: 10, maxCounts: MAX_COUNTS, minSpanSec: 0 },
  flaring: { share: 0.14, minCounts: 35, maxCounts: MAX_COUNTS, minSpanSec: 15e3 },
  dipping: { share: 0.07, minCounts: 60, maxCounts: MAX_COUNTS, minSpanSec: 15e3 },
  periodic: { share: 0.07, minCounts: 80, maxCounts: MAX_COUNTS, minSpanSec: 15e3 },
  qpe: { share: 0.05, minCounts: 70, maxCounts: MAX_COUNTS, minSpanSec: 35e3 },
  transient: { share: 0.05, minCounts: 45, maxCounts: 400, minSpanSec: 0 },
};

const BACKGROUND_FRACTIONS = bandFractions(BACKGROUND_COUNTS);

/** Sources per observation, on average. */
const SOURCES_PER_FIELD = 16;
/** Slope of the number of sources above a number of counts, N(>C) ∝ C^−0.85. */
const COUNTS_SLOPE = 0.85;
/** Brightest a source may be on average, counts/s: pile-up, which is not simulated, would begin above. */
const MAX_RATE = 0.12;

/** Observations and sources of a sky; the photons come later, from `drawPhotons`. */
export function drawPopulation(nSources: number, seed: number): { fields: SkyField[]; sources: SkySource[] } {
  const rng = new Rng(seed, 1);
  const fields = drawFields(Math.max(3, Math.ceil(nSources / SOURCES_PER_FIELD)), rng);
  const kinds = drawKinds(nSources, rng);
  const regionsUsed = new Int32Array(fields.length);
  const names = new Set<string>();
  const sources = kinds.map((kind, index) => {
    const own = new Rng(seed, 1000 + index);
    const field = drawField(kind, fields, own);
    const regionId = ++regionsUsed[field]!;
    for (;;) {
      const source = drawSource({ kind, field, regionId, rng: own, observation: fields[field]! });
      if (names.has(source.name)) continue;
      names.add(source.name);
      return source;
    }
  });
  return { fields, sources };
}

/** Kinds in the population's proportions, at least one of each where there are enough sources, shuffled. */
function drawKinds(nSources: number, rng: Rng): SourceKind[] {
  const rare = Object.entries(KINDS).filter(([kind]) => kind !== "constant");
  const kinds = rare.flatMap(([kind, { share }]) => Array(Math.round(share * nSources)).fill(kind) as SourceKind[]);
  while (kinds.length < nSources) kinds.push("constant");
  const order = rng.shuffleInto(Array.from(kinds.keys()));
  return order.map((position) => kinds[position]!);
}

function drawField(kind: SourceKind, fields: readonly SkyField[], rng: Rng): number {
  const longest = Math.max(...fields.map(spanOf));
  const need = Math.min(KINDS[kind].minSpanSec, longest);
  for (;;) {
    const field = rng.integer(fields.length);
    if (spanOf(fields[field]!) >= need) return field;
  }
}

function spanOf({ gti }: SkyField): number {
  return gti.stopSec[gti.stopSec.length - 1]!;
}

function drawSource(options: {
  kind: SourceKind;
  field: number;
  regionId: number;
  rng: Rng;
  observation: SkyField;
}): SkySource {
  const { kind, field, regionId, rng, observation } = options;
  const { gti, year, originSec, onTimeSec } = observation;
  const thetaArcmin = 8 * Math.sqrt(rng.uniform());
  const phiDeg = 360 * rng.uniform();
  const radiusPx = Math.max(2, (APERTURE_R90 * radius90(thetaArcmin)) / PIXEL_ARCSEC);
  const position = skyPosition(observation, { thetaArcmin, phiDeg });
  const emission = drawEmission(kind, { spanSec: spanOf(observation), gti, rng });
  const counts = Math.min(drawCounts(KINDS[kind], rng), MAX_RATE * onTimeSec);
  const area = areaOnGrid({ year, thetaArcmin });
  const totalShare = emission.parts.reduce((sum, part) => sum + part.share, 0);
  const components = emission.parts.map((part): SpectralComponent => {
    const integral = nominalIntegral(part, observation);
    return {
      profile: part.profile,
      spectrum: part.spectrum,
      rate: (counts * part.share) / totalShare / integral,
      fractions: bandFractions(countSpectrum(photonSpectrum(part.spectrum), area)),
    };
  });
  return {
    name: formatSourceName(position.raDeg, position.decDeg),
    kind,
    shape: emission.shape,
    nH: emission.nH,
    originSec,
    components,
    backgroundRate: BACKGROUND_SURFACE_RATE * Math.PI * (radiusPx * PIXEL_ARCSEC) ** 2,
    backgroundFractions: BACKGROUND_FRACTIONS,
    expectedCounts: components.reduce((sum, { rate, profile }) => sum + rate * profileIntegral(profile, gti), 0),
    periodSec: emission.periodSec,
    eventSec: emission.eventSec,
    field,
    regionId,
    thetaArcmin,
    phiDeg,
    radiusPx,
    ...position,
  };
}

/** Integral that a share of the counts is spread over: all of a flare or burst, watched or not; else the good time. */
function nominalIntegral({ profile }: EmissionPart, { gti }: SkyField): number {
  return wholeIntegral(profile) ?? profileIntegral(profile, gti);
}

function wholeIntegral(profile: Profile): number | undefined {
  if (profile.kind === "flare") return profile.riseSec / 2 + profile.decaySec;
  if (profile.kind === "burst") return Math.sqrt(2 * Math.PI) * profile.sigmaSec;
  return undefined;
}

/** Expected counts from the steep number–counts relation, cut at the bright end. */
function drawCounts({ minCounts, maxCounts }: KindPlan, rng: Rng): number {
  const brightest = (minCounts / maxCounts) ** COUNTS_SLOPE;
  return minCounts * (brightest + (1 - brightest) * rng.uniform()) ** (-1 / COUNTS_SLOPE);
}
