import { knownNames } from "../array/index.ts";

/** TAP services by name. */
export const TAP_SERVICES = {
  csc21: "https://cda.cfa.harvard.edu/csc21tap",
  xsa: "https://nxsa.esac.esa.int/tap-server/tap",
  vizier: "https://tapvizier.cds.unistra.fr/TAPVizieR/tap",
} as const;

const EROSITA_CONE = "https://erosita.mpe.mpg.de/dr1/erodat/catalogue/SCS";
/** Cone searches by name; "vizier:" and the name of a table stands for VizieR's. */
export const CONE_SERVICES = {
  csc21: "https://cda.cfa.harvard.edu/csc21scs/coneSearch",
  erass1: `${EROSITA_CONE}?CAT=DR1_Main`,
  "erass1-hard": `${EROSITA_CONE}?CAT=DR1_Hard`,
} as const;
const VIZIER_CONE = "https://vizier.cds.unistra.fr/viz-bin/conesearch/";

/**
 * The address of a TAP service, without slashes at its end.
 *
 * @throws {RangeError} If it is neither a name nor an address.
 */
export function tapAddress(service: string): string {
  const address = (TAP_SERVICES as Record<string, string>)[service] ?? service;
  checkAddress("ask a TAP service", address, Object.keys(TAP_SERVICES));
  return address.replace(/\/+$/, "");
}

/**
 * The address of a cone search.
 *
 * @throws {RangeError} If it is neither a name nor an address.
 */
export function coneAddress(service: string): string {
  const table = /^vizier:(.+)$/.exec(service)?.[1];
  if (table !== undefined) return VIZIER_CONE + table;
  const address = (CONE_SERVICES as Record<string, string>)[service] ?? service;
  checkAddress("ask a cone search service", address, [...Object.keys(CONE_SERVICES), "vizier:TABLE"]);
  return address;
}

function checkAddress(action: string, address: string, names: readonly string[]): void {
  if (/^https?:\/\/[^/]/i.test(address) && URL.canParse(address)) return;
  throw new RangeError(
    `Cannot ${action}: it must be an http or https address or one of the names${knownNames(address, names)}: current value is "${address}"`,
  );
}
