import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as core from "../../../widgets/core/index.ts";
import { MODELS } from "../../../widgets/core/models.ts";
import { packBuffers, type WidgetState } from "../../../widgets/protocol/index.ts";
import { FakeHost } from "../fake-host.ts";

/*
 * Our widgets beside ipywidgets 8.1.8: test/fixtures/widgets/generate.py has noted what it does.
 */

type Values = { readonly [key: string]: unknown };
interface Scenario {
  readonly class: string;
  readonly options: Values;
  readonly steps: readonly Values[];
  readonly results: readonly (Values | "error")[];
}
const root = join(import.meta.dirname, "../../..");
const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/widgets/ipywidgets.json"), "utf8")) as {
  readonly defaults: { readonly [model: string]: Values };
  readonly scenarios: readonly Scenario[];
  readonly dates: { readonly [name: string]: Values };
};

const classes = core as unknown as { readonly [name: string]: new (options?: object) => core.Widget<Values> };
const camel = (key: string) => key.replaceAll(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const camelKeys = (values: Values) => Object.fromEntries(Object.entries(values).map(([key, v]) => [camel(key), v]));
function make(name: string, options: Values = {}): core.Widget<Values> {
  const Class = classes[name];
  if (!Class) throw new Error(`no class ${name}`);
  return new Class(camelKeys(options));
}

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost().install();
});
afterEach(() => host.uninstall());

/** A state as the fixture has it. */
function plain(state: WidgetState): Values {
  const entries = Object.entries(state).map(([key, value]) => {
    if (ArrayBuffer.isView(value)) return [key, { bytes: Buffer.from(value as Uint8Array).toString("hex") }];
    const json = JSON.stringify(packBuffers({ value }).state.value ?? null);
    return [key, JSON.parse(json.replaceAll(/IPY_MODEL_[0-9a-f]+/g, "IPY_MODEL"))];
  });
  return Object.fromEntries(entries);
}

test("models.ts is what the generator makes of the schema", () => {
  const folder = mkdtempSync(join(tmpdir(), "photonbook-models-"));
  execFileSync(process.execPath, [join(root, "widgets/core/generate.mjs"), join(folder, "models.ts")]);
  const fresh = readFileSync(join(folder, "models.ts"), "utf8");
  rmSync(folder, { recursive: true });
  expect(readFileSync(join(root, "widgets/core/models.ts"), "utf8")).toBe(fresh);
});

describe("all 69 core models", () => {
  test("are here, and ipywidgets has no other", () => {
    expect(Object.keys(MODELS).length).toBe(69);
    const names = Object.values(MODELS).map(({ model }) => model.name);
    // ipywidgets' own media base class says no model of its own.
    expect(Object.keys(fixture.defaults).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !(String(name) in fixture.defaults))).toEqual([]);
  });

  test.each(Object.keys(MODELS))("%s starts with the state that ipywidgets gives it", (name) => {
    const spec = MODELS[name as keyof typeof MODELS];
    const needed: Values = /^Selection.*Slider$/.test(name) ? { options: ["a", "b"] } : {};
    const ends = { source: [make("IntText"), "value"], target: [make("IntText"), "value"] };
    const widget = make(name, name.endsWith("Link") ? ends : needed);
    const expected = fixture.defaults[String(spec.model.name)];
    expect(plain(widget.model.state)).toEqual(expected);
  });
});

describe("values, bounds and choices", () => {
  test.each(fixture.scenarios.map((scenario) => [scenario.class, JSON.stringify(scenario.options), scenario] as const))(
    "%s(%s) goes as in ipywidgets",
    (name, _options, { options, steps, results }) => {
      const seen: (Values | "error")[] = [];
      let widget: core.Widget<Values> | undefined;
      const look = (now: core.Widget<Values>): Values => {
        const keys = Object.keys(results.find((result) => result !== "error") as Values);
        return Object.fromEntries(
          keys.map((key) => [key, key.startsWith("_") ? now.model.get(key) : now.get(camel(key))]),
        );
      };
      try {
        widget = make(name, options);
        seen.push(look(widget));
      } catch {
        seen.push("error");
      }
      for (const step of widget ? steps : []) {
        try {
          widget?.set(camelKeys(step));
          seen.push(look(widget as core.Widget<Values>));
        } catch {
          seen.push("error");
        }
      }
      expect(seen).toEqual(results);
    },
  );
});

describe("where ipywidgets forgets its own rules", () => {
  test("a logarithmic slider's value follows its base, numbers outside bounds are refused, a range has a value", () => {
    const log = make("FloatLogSlider", { value: 1000 });
    log.set({ base: 2 });
    expect(log.get("value")).toBe(16);
    expect(() => make("IntsInput", { min: 0, max: 5, value: [6] })).toThrow(
      "Cannot set value: its numbers must be 0 to 5: current value is 6",
    );
    expect(make("SelectionRangeSlider", { options: [1, 2] }).get("value")).toEqual([1, 1]);
  });
});

describe("dates", () => {
  test.each([
    ["DatePicker", "2026-02-28"],
    ["DatetimePicker", new Date("2026-11-25T21:30:00.250Z")],
    ["NaiveDatetimePicker", "2026-11-25T21:30:00"],
    ["TimePicker", "05:06:07"],
  ])("%s travels as ipywidgets sends it, and comes back", (name, value) => {
    const widget = make(name, { value });
    expect(widget.model.get("value")).toEqual(fixture.dates[name]);
    expect(widget.get("value")).toEqual(value);
    host.fromBrowser(open(widget), { method: "update", state: { value: null }, buffer_paths: [] });
    expect(widget.get("value")).toBeNull();
  });
  test("stay between their bounds, and days that do not exist are refused", () => {
    const late = make("DatePicker", { value: "2026-02-28", max: "2026-01-31" });
    expect(late.model.get("value")).toEqual(fixture.dates.clamped);
    expect(() => late.set({ value: "2026-02-30" })).toThrow(
      'Cannot set value of DatePicker: it must be YYYY-MM-DD: current value is "2026-02-30"',
    );
    expect(() => make("TimePicker", { value: "25:00" })).toThrow(/hh:mm:ss/);
    expect(() => make("DatePicker", { min: "2026-02-01", max: "2026-01-01" })).toThrow(/min must not be after max/);
  });
});

function open(widget: core.Widget<Values>): string {
  widget.model.open();
  return widget.model.id;
}
