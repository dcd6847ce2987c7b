/** How a column becomes keV: `offsetKeV + perUnitKeV · value`. */
export interface EnergyConversion {
  /** Column to take. */
  readonly column: string;
  /** keV per unit of the column. */
  readonly perUnitKeV: number;
  /** Default 0. */
  readonly offsetKeV?: number;
}

/**
 * Nominal energies of PI channels, as the missions' documentation gives them. Chandra's channel n covers 14.6 eV
 * ending at n · 14.6 eV, so its middle is half a channel lower.
 */
const PI_CHANNELS: readonly { mission: RegExp; perUnitKeV: number; offsetKeV: number }[] = [
  { mission: /^CHANDRA ACIS/, perUnitKeV: 0.0146, offsetKeV: -0.0073 },
  { mission: /^NUSTAR/, perUnitKeV: 0.04, offsetKeV: 1.6 },
  { mission: /^NICER/, perUnitKeV: 0.01, offsetKeV: 0 },
  { mission: /^SWIFT XRT/, perUnitKeV: 0.01, offsetKeV: 0 },
  { mission: /^XMM/, perUnitKeV: 0.001, offsetKeV: 0 },
  { mission: /^EROSITA/, perUnitKeV: 0.001, offsetKeV: 0 },
  { mission: /^ROSAT/, perUnitKeV: 0.01, offsetKeV: 0 },
];

/** Whether a mission's PI counts eV, of which its channels hold several. */
export function channelsAreEv(mission: string): boolean {
  return /^(XMM|EROSITA)/.test(mission.toUpperCase());
}

/** A table with columns of numbers, from FITS or not. */
export interface EnergyTable {
  has(column: string): boolean;
  numbers(column: string): Float64Array;
  unit(column: string): string | undefined;
}

/** Energies in keV and, where something was assumed, what. */
export interface Energies {
  readonly energyKeV?: Float32Array;
  readonly note?: string;
}

/**
 * Finds the photon energies of an event table: a column ENERGY (or SIGNAL) in its unit, else PI by the mission's
 * nominal channels.
 */
export function readEnergies(table: EnergyTable, mission: string, given?: EnergyConversion): Energies {
  if (given) return { energyKeV: convert(table.numbers(given.column), given.perUnitKeV, given.offsetKeV ?? 0) };
  const name = ["ENERGY", "SIGNAL", "energy", "Energy"].find((candidate) => table.has(candidate));
  if (name) return fromEnergyColumn(table, name, mission);
  if (!table.has("PI")) return { note: "no energies: there is no ENERGY or PI column" };
  const channels = PI_CHANNELS.find((known) => known.mission.test(mission.toUpperCase()));
  if (!channels)
    return { note: `no energies: the PI channels of "${mission}" are not known (option energy says them)` };
  return {
    energyKeV: convert(table.numbers("PI"), channels.perUnitKeV, channels.offsetKeV),
    note: `energies are nominal, from PI: ${channels.offsetKeV} + ${channels.perUnitKeV} keV × PI`,
  };
}

function fromEnergyColumn(table: EnergyTable, name: string, mission: string): Energies {
  const values = table.numbers(name);
  const unit = table.unit(name)?.trim();
  const factors: Record<string, number> = { ev: 1e-3, kev: 1, mev: 1e3 };
  const factor = unit === undefined ? undefined : factors[unit.toLowerCase()];
  if (factor !== undefined) return { energyKeV: convert(values, factor, 0) };
  const inEv = /^CHANDRA/i.test(mission) || median(values) > 100;
  return {
    energyKeV: convert(values, inEv ? 1e-3 : 1, 0),
    note: `column ${name} has ${unit ? `the unit "${unit}"` : "no unit"}: taken as ${inEv ? "eV" : "keV"}`,
  };
}

function convert(values: Float64Array, perUnit: number, offset: number): Float32Array {
  return Float32Array.from(values, (value) => offset + perUnit * value);
}

function median(values: Float64Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
