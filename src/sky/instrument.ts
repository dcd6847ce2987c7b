/**
 * A smooth stand-in for Chandra's ACIS-S: every formula here is our own and approximate (10–20 % of the calibrated
 * curves between 0.5 and 7 keV), so that a simulated sky needs no calibration files.
 */

/** Time between ACIS frames, seconds: the spacing of event times. */
export const FRAME_TIME_SEC = 3.14104;
/** Fraction of each frame that collects photons. */
export const DEAD_TIME_CORRECTION = 0.98693;
/** Size of a sky pixel, arcseconds. */
export const PIXEL_ARCSEC = 0.492;
/** Width of a pulse-invariant channel, eV. */
export const PI_CHANNEL_EV = 14.6;
/** Energies kept in an event file, keV. */
export const FILE_ENERGY_KEV = [0.3, 10] as const;

/** The energy bands of the Chandra Source Catalog that an ACIS aperture is measured in, keV. */
export const BANDS = { s: [0.5, 1.2], m: [1.2, 2], h: [2, 7], b: [0.5, 7] } as const;
export type Band = keyof typeof BANDS;
/** Band letters in the order used here: soft, medium, hard, broad. */
export const BAND_NAMES = ["s", "m", "h", "b"] as const satisfies readonly Band[];

/** Bins of the energy grid on which spectra are tabulated: 0.2–11 keV in steps of 0.01 keV. */
export const GRID_SIZE = 1080;
export const GRID_STEP_KEV = 0.01;
/** Middles of the grid's bins, keV. */
export const GRID_KEV = Float64Array.from({ length: GRID_SIZE }, (_, bin) => 0.2 + (bin + 0.5) * GRID_STEP_KEV);

/**
 * Effective area of mirror, filter and detector.
 *
 * A = 700 cm² · (1 − exp(−(E/0.85)^2.5)) · c(E) · exp(−(E/6.2)^3.5) · exp(−0.025 y E^−2.2) · (1 − 0.02 θ), where c
 * falls smoothly from 1 to 0.65 across the iridium edge at 2.08 keV, y counts years since 2000 (the contamination of
 * the filter grows) and θ is the off-axis angle in arcminutes (vignetting).
 *
 * @param energyKeV Photon energy, keV.
 * @param options.year Epoch, e.g. 2015.3.
 * @param options.thetaArcmin Off-axis angle, arcminutes.
 * @returns Effective area, cm².
 */
export function effectiveArea(energyKeV: number, { year, thetaArcmin }: { year: number; thetaArcmin: number }): number {
  const open = 1 - Math.exp(-((energyKeV / 0.85) ** 2.5));
  const edge = 1 - 0.35 / (1 + Math.exp(-(energyKeV - 2.08) / 0.02));
  const mirror = Math.exp(-((energyKeV / 6.2) ** 3.5));
  const contamination = Math.exp(-0.025 * (year - 2000) * energyKeV ** -2.2);
  return 700 * open * edge * mirror * contamination * (1 - 0.02 * thetaArcmin);
}

/** Standard deviation of the measured energy, keV: √(0.035² + 0.0006 E), 110 eV FWHM at 1.5 keV, 160 eV at 5.9 keV. */
export function energyResolution(energyKeV: number): number {
  return Math.sqrt(0.035 ** 2 + 0.0006 * energyKeV);
}

/** Radius that holds 90 % of a point source's photons, arcseconds (science page 4: R90 of the CSC's mirror model). */
export function radius90(thetaArcmin: number): number {
  return 1.07 + 9.65 * (thetaArcmin / 10) ** 2.22;
}

/** The source region is a circle of this many R90; a Gaussian image leaves 1 − 0.1^(1.2²) = 96.4 % inside. */
export const APERTURE_R90 = 1.2;
export const APERTURE_FRACTION = 1 - 0.1 ** (APERTURE_R90 ** 2);

/** Background per area in the broad band, counts/s/arcsec². */
export const BACKGROUND_SURFACE_RATE = 1.2e-6;

/** Background counts per bin of the energy grid, unscaled: sky at low energies, particles, and the Si and Au lines. */
export const BACKGROUND_COUNTS: Float64Array = GRID_KEV.map((energy) => {
  const line = (centre: number, width: number) => Math.exp(-0.5 * ((energy - centre) / width) ** 2);
  const sky = 2.5 * Math.exp(-((energy - 0.65) ** 2) / 0.18);
  const particles = 0.55 + 0.02 * energy + 0.4 * Math.exp((energy - 10) / 1.2);
  return sky + particles + 0.8 * line(1.74, 0.05) + 0.9 * line(2.15, 0.06);
});
