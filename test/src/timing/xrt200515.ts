import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readEvents, readRegion } from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";

/** The transient's photons at 0.5–7 keV in its 90 % ellipse, and all around it. */
export function xrt200515() {
  const read = (name: string) =>
    readFits(gunzipSync(readFileSync(sharedData("events/chandra_23022_xrt200515", name))), { name });
  const region = readRegion(read("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: "ECF90REGB" });
  const events = readEvents(read("acisf23022_000N027_r0122_regevt3.fits.gz"));
  return { source: events.filter({ region, energyKeV: "broad" }), events };
}
