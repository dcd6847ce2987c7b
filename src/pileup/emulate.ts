import {
  type Arf,
  type EnergyGrid,
  type ParameterSettings,
  parseModel,
  type Rmf,
  SpectralFit,
  type SpectralModel,
  Spectrum,
} from "../spectra/index.ts";
import { FINE_GRID, foldEvents, incidentPerFrame, rebin } from "./detector.ts";
import { PileupEmulation } from "./emulation.ts";
import { orderSpectrum, PILEUP_DEFAULTS, type PileupParameters, pileUp } from "./forward.ts";

/** Where photons are detected: a spectrum whose ARF, RMF and exposure are meant, or the two files. */
export type Response = Spectrum | { readonly arf?: Arf; readonly rmf: Rmf };

/** Counts that the detector would record without pile-up. */
export interface IncidentCounts extends EnergyGrid {
  /** Counts per bin, shape (nBins,). */
  readonly counts: ArrayLike<number>;
  readonly exposureSec: number;
  readonly name?: string;
}

/** A photon spectrum at the telescope, as numbers. */
export interface IncidentPhotons extends EnergyGrid {
  /** Photons/s/cm²/keV per bin, shape (nBins,); 0 outside the bins. */
  readonly photons: ArrayLike<number>;
  readonly response: Response;
  /** Default: that of `response`. */
  readonly exposureSec?: number;
  readonly name?: string;
}

/** A photon spectrum at the telescope, as a model. */
export interface IncidentModel {
  readonly model: string | SpectralModel;
  readonly parameters?: ParameterSettings;
  readonly response: Response;
  /** Default: that of `response`. */
  readonly exposureSec?: number;
  readonly name?: string;
}

/** What `emulate` accepts. A Spectrum's counts, without its background, are taken as the incident ones. */
export type Incident = Spectrum | SpectralFit | IncidentCounts | IncidentPhotons | IncidentModel;

/**
 * Emulates pile-up: what a CCD records of an incident spectrum, next to what it would record of each photon alone.
 *
 * Counts (a Spectrum, or `counts`) are piled in channel energies, where charge adds; a photon spectrum (`photons`, a
 * model, a fit) is multiplied by the area, piled and redistributed, as in fitting. Takes about 10 ms.
 *
 * @param incident Spectrum, counts, photons or model; see `Incident`.
 * @param options Any of PileupParameters. Default: the spectrum's frame time and exposed share where its header has
 *   them, else PILEUP_DEFAULTS (α = 0.5, f = 0.95, g0 = 1, n = 1, 3.241 s frames).
 * @throws {RangeError} If a parameter is outside its range.
 * @throws {TypeError} If there is no exposure or no RMF.
 * @example emulate(spectrum, { frameTimeSec: 3.2, gradeMigration: 0.4 })
 */
export function emulate(incident: Incident, options: Partial<PileupParameters> = {}): PileupEmulation {
  if (incident instanceof SpectralFit) return emulate({ model: incident.model, response: incident.spectrum }, options);
  if (incident instanceof Spectrum) return emulateCounts(spectrumCounts(incident), frameOf(incident, options));
  if ("counts" in incident) return emulateCounts(incident, { ...PILEUP_DEFAULTS, ...options });
  const spectrum = detectorOf(incident);
  const model = photonModel(incident);
  return emulatePhotons(spectrum, model, frameOf(spectrum, options), incident.name);
}

/** Settings over the header's frame over the defaults. */
export function frameOf(spectrum: Spectrum, options: Partial<PileupParameters>): PileupParameters {
  const { frameTimeSec, fracExposure } = spectrum.meta;
  return {
    ...PILEUP_DEFAULTS,
    ...(frameTimeSec !== undefined && { frameTimeSec }),
    ...(fracExposure !== undefined && { fracExposure }),
    ...options,
  };
}

function spectrumCounts(spectrum: Spectrum): IncidentCounts {
  const scale = spectrum.backgroundScale;
  const counts = spectrum.counts.map((value, channel) =>
    scale && spectrum.background ? Math.max(0, value - scale[channel] * spectrum.background.counts[channel]) : value,
  );
  return { ...spectrum.channelEnergies, counts, exposureSec: spectrum.exposureSec, name: spectrum.name };
}

function detectorOf({ response, exposureSec, name }: IncidentPhotons | IncidentModel): Spectrum {
  const spectrum = response instanceof Spectrum ? response : undefined;
  const rmf = spectrum ? spectrum.requireRmf() : (response as { rmf: Rmf }).rmf;
  const seconds = exposureSec ?? spectrum?.exposureSec ?? response.arf?.exposureSec ?? 0;
  if (!(seconds > 0)) {
    throw new TypeError(`Cannot emulate pile-up: exposureSec must be given and > 0: current value is ${seconds}`);
  }
  if (spectrum) return spectrum.with({ exposureSec: seconds, background: undefined });
  return new Spectrum({
    name: name ?? rmf.name,
    channel: rmf.channel,
    counts: new Float64Array(rmf.channel.length),
    exposureSec: seconds,
    arf: response.arf,
    rmf,
  });
}

function photonModel(incident: IncidentPhotons | IncidentModel): (grid: EnergyGrid) => Float64Array {
  if ("model" in incident) {
    const { model, parameters } = incident;
    const ready = typeof model === "string" ? parseModel(model, parameters) : model.with(parameters ?? {});
    return (grid) => ready.photons(grid);
  }
  const { photons, loKeV, hiKeV } = incident;
  const perBin = Float64Array.from(photons, (density, bin) => density * (hiKeV[bin] - loKeV[bin]));
  return (grid) => rebin(perBin, { loKeV, hiKeV }, grid);
}

function emulatePhotons(
  spectrum: Spectrum,
  model: (grid: EnergyGrid) => Float64Array,
  parameters: PileupParameters,
  name: string | undefined,
): PileupEmulation {
  const perFrame = incidentPerFrame(spectrum, model(FINE_GRID), parameters.frameTimeSec);
  return assemble({
    name: name ?? spectrum.name,
    grid: spectrum.channelEnergies,
    exposureSec: spectrum.exposureSec,
    perFrame,
    parameters,
    toChannels: (events) => foldEvents(spectrum, events),
  });
}

function emulateCounts(incident: IncidentCounts, parameters: PileupParameters): PileupEmulation {
  const { exposureSec, loKeV, hiKeV } = incident;
  const grid = { loKeV, hiKeV };
  const rate = rebin(Float64Array.from(incident.counts), grid, FINE_GRID);
  return assemble({
    name: incident.name ?? "spectrum",
    grid,
    exposureSec,
    perFrame: rate.map((counts) => (counts * parameters.frameTimeSec) / exposureSec),
    parameters,
    toChannels: (events) => rebin(events, FINE_GRID, grid),
  });
}

function assemble(parts: {
  readonly name: string;
  readonly grid: EnergyGrid;
  readonly exposureSec: number;
  readonly perFrame: Float64Array;
  readonly parameters: PileupParameters;
  readonly toChannels: (events: Float64Array) => Float64Array;
}): PileupEmulation {
  const { name, grid, exposureSec, perFrame, parameters, toChannels } = parts;
  const piled = pileUp(perFrame, { ...parameters, exposureSec });
  const frames = exposureSec / parameters.frameTimeSec;
  return new PileupEmulation({
    name,
    loKeV: grid.loKeV,
    hiKeV: grid.hiKeV,
    exposureSec,
    parameters,
    unpiled: toChannels(perFrame.map((photons) => photons * frames)),
    piled: toChannels(piled.events),
    makeOrders: () =>
      Array.from(piled.eventsByOrder, (events, order) =>
        order === 0 ? new Float64Array(grid.loKeV.length) : toChannels(orderSpectrum(perFrame, order, events)),
      ),
    wings: toChannels(perFrame.map((photons) => photons * frames * (1 - parameters.psfFraction))),
    photonsPerFrame: piled.photonsPerFrame,
    pileupFraction: piled.pileupFraction,
    complete: piled.complete,
  });
}
