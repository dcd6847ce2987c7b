import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { loadEvents } from "../../../src/io/index.ts";
import { defaultBand } from "../../../src/timing/index.ts";
import { sharedData } from "../../shared-data.ts";

describe("defaultBand()", () => {
  it("is the broad band, or what the telescope sees", () => {
    expect(defaultBand({})).toBe("broad");
    expect(defaultBand({ meta: { telescope: "CHANDRA" } })).toBe("broad");
    expect(defaultBand({ meta: { telescope: "NuSTAR" } })).toEqual([3, 79]);
  });

  it("keeps the photons that NuSTAR counts, and a light curve says how many it left out", async () => {
    const events = await loadEvents(sharedData("events/nustar", "dummy_evt.evt"));
    const curve = events.lightCurve({ binSec: 1000 });
    // astropy counts as many with 35 <= PI < 1935
    const seen = events.energyKeV.filter((energy) => energy >= 3 && energy < 79).length;
    expect([events.length, seen]).toEqual([937, 707]);
    expect(curve.totalCounts + curve.eventsOutsideGti).toBe(seen);
    expect(curve.totalCounts + curve.otherEnergies + curve.eventsOutsideGti).toBeLessThanOrEqual(937);
    expect(curve[DISPLAY]()["text/html"]).toContain(`${curve.otherEnergies} photons of other energies not counted`);
    expect(events.adaptiveLightCurve().band).toEqual(curve.band);
  });
});
