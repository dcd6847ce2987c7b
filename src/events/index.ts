/**
 * Photon event lists: reading, filtering, regions.
 *
 * @module
 */
export type { EnergyConversion } from "./energies.ts";
export { type EnergyHistogram, energyHistogram } from "./energy-histogram.ts";
export { type EventColumn, type EventFields, type EventFilter, EventList, type EventMeta } from "./event-list.ts";
export { type EventTableOptions, eventsFromTable } from "./events-from-table.ts";
export { type ExtractSpectrumOptions, extractSpectrum } from "./extract-spectrum.ts";
export { mergeEvents } from "./merge-events.ts";
export { type ReadEventsOptions, readEvents } from "./read-events.ts";
export { type FileGtis, readGtis } from "./read-gti.ts";
export { readRegion } from "./read-region.ts";
export { type CompositeRegion, insideRegion, insideRegionMask, type Region, type Shape } from "./region.ts";
export { regionArea } from "./region-area.ts";
export { RegionCounts, type RegionCountsOptions, regionCounts } from "./region-counts.ts";
export { type ParseRegionOptions, parseRegion } from "./region-text.ts";
export { splitAtGaps, splitEvents } from "./split-events.ts";
