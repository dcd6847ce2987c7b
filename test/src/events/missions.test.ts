import { globSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { readEvents } from "../../../src/events/index.ts";
import { type CardSpec, readFits, writeFits } from "../../../src/fits/index.ts";
import { exposureSec } from "../../../src/gti/index.ts";
import { sharedData } from "../../shared-data.ts";

const read = (path: string, options = {}) => {
  const raw = readFileSync(path);
  return readEvents(readFits(raw[0] === 0x1f ? gunzipSync(raw) : raw, { name: path }), options);
};

/** An event file with a mission's column, keyword and extension names. */
function made(options: {
  cards: readonly CardSpec[];
  columns: Record<string, Float64Array | Int16Array | Uint8Array | Float32Array>;
  gtis: Record<string, [number, number]>;
}) {
  const table = (name: string, columns: Record<string, Float64Array | Int16Array | Uint8Array | Float32Array>) => ({
    name,
    header: options.cards,
    columns: Object.entries(columns).map(([column, data]) => ({ name: column, data })),
  });
  const bytes = writeFits([
    { name: "" },
    table("EVENTS", options.columns),
    ...Object.entries(options.gtis).map(([name, [start, stop]]) =>
      table(name, { START: Float64Array.of(start), STOP: Float64Array.of(stop) }),
    ),
  ]);
  return readEvents(readFits(bytes, { name: "made" }));
}

// Names as the missions' format documents give them; no file of these missions is among the shared data
describe("readEvents() knows the conventions of", () => {
  it("XMM EPIC: CCDNR, PATTERN, PI in eV, FRMTIME in ms, good time per CCD in STDGTInn, the sky in REFX…", () => {
    const list = made({
      cards: [
        ["TELESCOP", "XMM"],
        ["INSTRUME", "EPN"],
        ["FRMTIME", 73],
        ["REFXCTYP", "RA---TAN"],
        ["REFXCRVL", 83.6],
        ["REFYCRVL", 22],
        ["REFXCRPX", 25921],
        ["REFYCRPX", 25921],
        ["REFXCDLT", -1.38889e-5],
        ["REFYCDLT", 1.38889e-5],
      ],
      columns: {
        TIME: Float64Array.of(10, 20, 30),
        X: Float32Array.of(25921, 25921, 26000),
        Y: Float32Array.of(25921, 26000, 25921),
        PI: Int16Array.of(1000, 2500, 8000),
        PATTERN: Uint8Array.of(0, 4, 12),
        CCDNR: Uint8Array.of(4, 4, 10),
      },
      gtis: { STDGTI04: [0, 25], STDGTI10: [5, 50] },
    });
    expect([...list.energyKeV].map((energy) => Number(energy.toFixed(4)))).toEqual([1, 2.5, 8]);
    expect(list.frameTimeSec).toBe(0.073);
    expect([...list.filter({ ccdId: 4 }).gti.stopSec]).toEqual([25]);
    expect(list.filter({ grade: [0, 1, 2, 3, 4] }).length).toBe(2);
    expect(list.positions().raDeg[0]).toBeCloseTo(83.6, 10);
    expect(list.positions().decDeg[1]).toBeCloseTo(22 + 79 * 1.38889e-5, 8);
  });

  it("eROSITA: TM_NR, PAT_TYP, good time per telescope module in GTIn", () => {
    const list = made({
      cards: [
        ["TELESCOP", "eROSITA"],
        ["INSTRUME", "FM00"],
        ["MJDREFI", 51543],
        ["MJDREFF", 0.875],
        ["TIMESYS", "TT"],
      ],
      columns: {
        TIME: Float64Array.of(6.5e8, 6.5e8 + 10),
        PI: Float32Array.of(500, 2300),
        TM_NR: Uint8Array.of(1, 7),
        PAT_TYP: Int16Array.of(1, 4),
      },
      gtis: { GTI1: [6.5e8 - 5, 6.5e8 + 5], GTI7: [6.5e8, 6.5e8 + 20] },
    });
    expect(list.energyKeV[1]).toBeCloseTo(2.3, 6);
    expect(exposureSec(list.filter({ ccdId: 7 }).gti)).toBe(20);
    expect(list.clock.date(0, { scale: "tt" })).toBe("1999-12-31T21:00:00.000");
  });

  it("Swift XRT: PI channels of 10 eV, grades; HRC: no energies, and says why", () => {
    const swift = made({
      cards: [
        ["TELESCOP", "SWIFT"],
        ["INSTRUME", "XRT"],
        ["TIMEDEL", 2.5073],
      ],
      columns: { TIME: Float64Array.of(1, 2), PI: Int16Array.of(30, 1000), GRADE: Int16Array.of(0, 13) },
      gtis: { GTI: [0, 3] },
    });
    expect([...swift.energyKeV].map((energy) => Number(energy.toFixed(4)))).toEqual([0.3, 10]);
    expect(swift.frameTimeSec).toBe(2.5073);
    expect(swift.filter({ grade: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }).length).toBe(1);
    const hrc = made({
      cards: [
        ["TELESCOP", "CHANDRA"],
        ["INSTRUME", "HRC"],
        ["DTCOR", 0.9],
      ],
      columns: {
        TIME: Float64Array.of(1, 2),
        PI: Int16Array.of(30, 100),
        X: new Float32Array(2),
        Y: new Float32Array(2),
      },
      gtis: { GTI: [0, 10] },
    });
    expect(hrc.hasEnergies).toBe(false);
    expect(hrc.notes.join()).toMatch(/no energies: the PI channels of "CHANDRA HRC" are not known/);
    expect(hrc.exposureSec).toBeCloseTo(9, 12);
    expect(() => hrc.filter({ grade: 0 })).toThrow(/must have a column GRADE or PATTERN/);
  });
});

test("a photon without a time is an error that names its row", () => {
  const columns = { TIME: Float64Array.of(1, Number.NaN) };
  expect(() => made({ cards: [], columns, gtis: {} })).toThrow(
    /TIME must be finite in every row: the value in row 2 is/,
  );
});

/** Photons of every event file of the shared data. */
const PHOTONS: Record<string, number> = {
  "chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz": 5813,
  "chandra_755/755_7_evt2_05_8keV.fits": 20_176,
  "edge/iter_c.fit": 5000,
  "edge/structure_only_evt.fits": 0,
  "edge/test_Gtis.evt": 1000,
  "hendrics/monol_testA_mjdref.evt": 1000,
  "hendrics/monol_testA_timezero.evt": 1000,
  "nicer/ngc300nicer_bary.evt": 2408,
  "nicer/sgr1830kgfilt.evt": 9369,
  "nustar/dummy_evt.evt": 937,
  "simulated/ref_gendetsim.e2e_eventmode_raw.fits": 261,
  "stingray/monol_testA.evt": 1000,
  "stingray/monol_testA_calib_unsrt.evt": 1000,
  "stingray/nomission.evt": 1000,
  "stingray/xte_test.evt.gz": 1000,
};

test.each(Object.entries(PHOTONS))("%s has %i photons, in order, with good time", (path, n) => {
  const list = read(sharedData("events", path));
  expect(list.length).toBe(n);
  expect(list.timeSec.every((time, i) => i === 0 || time >= (list.timeSec[i - 1] as number))).toBe(true);
  expect(exposureSec(list.gti)).toBeGreaterThan(0);
});

test("every other FITS file of the shared events is refused with a reason, or holds photons too", () => {
  const root = sharedData("events");
  const others = globSync(
    "{chandra_*,edge,hendrics,nicer,nustar,simulated,stingray,lightcurves}/*.{fits,fit,evt,lc,gz}",
    {
      cwd: root,
    },
  ).filter((path) => !(path in PHOTONS));
  const verdicts = others.map((path) => {
    try {
      return [path, read(`${root}/${path}`).length] as const;
    } catch (error) {
      return [path, (error as Error).message.replace(/^.*?: /, "")] as const;
    }
  });
  for (const [path, verdict] of verdicts) {
    if (typeof verdict === "number") expect(verdict, path).toBeGreaterThan(0);
    else expect(verdict, path).toMatch(/there must be an event table with a TIME column/);
  }
  expect(verdicts.length).toBeGreaterThan(6);
});
