import type { PhotonRecord } from "./population.ts";

/**
 * A source's photons together with what is known of the background among them. PPAD then models the source alone: the
 * likelihood of a photon is that of the source's rate plus the background's, which is constant over the good time.
 *
 * @param source The photons of the source's region, source and background together.
 * @param background Photons of a region beside it, from the same good time.
 * @param options.scale Area of the source's region over that of the background's, each counted on the detector.
 * @example
 * const ring = observation.filter({ region: annulus });
 * const known = withBackground(source, ring, { scale: regionArea(ellipse) / regionArea(annulus) });
 * const model = await ppad.fit([...sky, known]);
 */
export function withBackground(
  source: PhotonRecord,
  background: { readonly energyKeV: Float32Array },
  options: { readonly scale: number },
): PhotonRecord {
  const { timeSec, energyKeV, gti, name, frameTimeSec } = source;
  const { scale } = options;
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(`Cannot give a source its background: scale must be above 0: current value is ${scale}`);
  }
  return {
    timeSec,
    energyKeV,
    gti,
    background: { energyKeV: background.energyKeV, scale },
    ...(name !== undefined && { name }),
    ...(frameTimeSec !== undefined && { frameTimeSec }),
  };
}
