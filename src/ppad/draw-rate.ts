import { categoryColor, xyPlotSvg } from "../plot/index.ts";
import { decode } from "./decode.ts";
import { exposureNodes } from "./exposure-nodes.ts";
import { binnedPhotons } from "./light-curve.ts";
import type { PhotonWindow } from "./photon-window.ts";
import type { PreparedRecord } from "./population.ts";
import { flatView, type RunState } from "./run-state.ts";

/** Times at most that a rate is drawn at, half of them where the photons are. */
const NODES = 128;

/** A source of a population as it was before it was packed. */
function unpack({ packed }: PhotonWindow, s: number): PreparedRecord {
  const bands = packed.background.length / packed.size;
  const [event, nextEvent] = [packed.eventStart[s]!, packed.eventStart[s + 1]!];
  const [interval, nextInterval] = [packed.gtiStart[s]!, packed.gtiStart[s + 1]!];
  return {
    time: packed.eventTime.subarray(event, nextEvent),
    band: packed.eventBand.subarray(event, nextEvent),
    before: packed.eventLive.subarray(event, nextEvent),
    low: packed.gtiLow.subarray(interval, nextInterval),
    high: packed.gtiHigh.subarray(interval, nextInterval),
    live: packed.live[s]!,
    unitSec: packed.unitSec[s]!,
    background: packed.background.subarray(s * bands, (s + 1) * bands),
  };
}

/**
 * SVG of the rate of a run's source as its decoder and latent stand now, on its background if that is known, over its
 * binned photons: what to look at while a model trains.
 *
 * @param window Where the leading thread finds photons.
 * @param name What the drawing calls the source.
 */
export function drawRate(
  state: RunState,
  window: PhotonWindow,
  { source, name }: { source: number; name: string },
): string {
  const { extents, layout, config, latents } = state;
  const place = window.load(source, 0);
  const record = unpack(window, place);
  const { unitSec } = record;
  const { time } = exposureNodes(record, NODES);
  const z = latents.subarray(source * config.latentSize, (source + 1) * config.latentSize);
  const log = decode({ extents, layout, parameters: flatView(state, state.parameters) }, { z, unitSec }, time);
  const scale = Math.exp(window.packed.logScale[place]!) / unitSec;
  const known = record.background.reduce((sum, value) => sum + value, 0) / unitSec;
  const rate = new Float64Array(time.length).fill(known);
  for (const [i, value] of log.entries()) rate[Math.floor(i / extents.bands)]! += scale * Math.exp(value);
  const seconds = (units: Float64Array) => units.map((value) => value * unitSec);
  return xyPlotSvg({
    title: `${name}, rate so far`,
    x: { label: "Time since start", unit: "s" },
    y: { label: "Rate", unit: "counts/s", include: [0] },
    marks: [
      binnedPhotons({
        photonSec: seconds(record.time),
        goodSec: { start: seconds(record.low), stop: seconds(record.high) },
      }),
      { kind: "line", x: seconds(time), y: rate, color: categoryColor(1), label: "PPAD" },
    ],
    legend: true,
    width: 480,
    height: 220,
  });
}
