import type { SkyPlane } from "../fits/index.ts";
import type { CompositeRegion, Region, Shape } from "./region.ts";
import { type CoordinateSystem, makeTextShape } from "./region-shape.ts";

/** How region text is read. */
export interface ParseRegionOptions {
  /** How sky pixels lie on the sky: `events.sky`. Needed for positions in degrees or hours and sizes in arcsec. */
  readonly sky?: SkyPlane | undefined;
}

const SYSTEMS: Record<string, CoordinateSystem> = { physical: "pixels", fk5: "sky", icrs: "sky", j2000: "sky" };
const OTHER_SYSTEMS = /^(image|detector|amplifier|linear|wcs[a-z]?|fk4|b1950|galactic|ecliptic)$/;

/**
 * Reads a region in the syntax of CIAO or DS9, into sky pixels.
 *
 * Shapes: circle, ellipse, annulus, box (rotbox), rectangle, polygon, pie (sector) and field. Within a line they combine
 * as in CIAO: `*` (and) binds before `+` (or); `a+b-c` is a or (b and not c); `!` negates. Lines (or parts between
 * semicolons) are joined; one that starts with `-` or `!` is cut out of all the others, as in DS9. Coordinates are sky
 * pixels ("physical", the default) or J2000 ("fk5", "icrs", "j2000", taken as the same: 20 mas apart); sizes may end in ", ' or d.
 *
 * @throws {SyntaxError} If the text is no such region, with the line.
 * @throws {RangeError} If celestial coordinates are given and no `sky`.
 * @example events.filter({ region: parseRegion("annulus(4096,4096,20,60) - circle(4120,4100,5)") })
 */
export function parseRegion(text: string, options: ParseRegionOptions = {}): CompositeRegion {
  let system: CoordinateSystem = "pixels";
  const include: Region[] = [];
  const exclude: Region[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    for (const part of line.replace(/#.*/, "").split(";")) {
      const command = part.replace(/\|\|\s*$/, "").trim();
      const word = command.toLowerCase();
      if (command === "" || word.startsWith("global")) continue;
      const fail = (problem: string) => new SyntaxError(`Cannot read region, line ${i + 1} "${command}": ${problem}`);
      if (OTHER_SYSTEMS.test(word)) {
        throw fail("coordinates must be physical, fk5, icrs or j2000 (save the region in one of these)");
      }
      const next = SYSTEMS[word];
      if (next) {
        system = next;
        continue;
      }
      const cuts = /^[-!]/.test(command);
      const expression = parseLine(command.replace(/^[-!+]\s*/, ""), (name, args) =>
        makeTextShape({ name, args, system, sky: options.sky, fail }),
      );
      if (!expression) throw fail('it must be shapes such as "circle(4096,4096,20)" joined by + - * or !');
      (cuts ? exclude : include).push(expression);
    }
  }
  if (include.length + exclude.length === 0) throw new SyntaxError("Cannot read region: the text has no shape");
  return { include: include.length > 0 ? include : [{ kind: "field" }], ...(exclude.length > 0 ? { exclude } : {}) };
}

type MakeShape = (name: string, args: readonly string[]) => Shape | CompositeRegion;

/** Shapes and the operators between them; undefined where the text is nothing of the kind. */
function parseLine(text: string, make: MakeShape): Region | undefined {
  // DS9 also writes a shape without parentheses
  const bare = /^([a-z]+)\s+([^()]+)$/i.exec(text);
  if (bare) return make(bare[1] as string, (bare[2] as string).trim().split(/[\s,]+/));
  const token = /\s*([-+*&]?)\s*(!?)\s*([a-z]+)\s*\(([^()]*)\)\s*/iy;
  const components: { include: Region[]; within: Region[]; exclude: Region[] }[] = [];
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) return undefined;
    const [, operator, not, name, args] = found as unknown as [string, string, string, string, string];
    const shape = make(name, args.trim() === "" ? [] : args.trim().split(/[\s,]+/));
    const last = components.at(-1);
    const negative = (operator === "-") !== (not === "!");
    if (last && operator !== "+" && operator !== "") (negative ? last.exclude : last.within).push(shape);
    else if (negative) components.push({ include: [{ kind: "field" }], within: [], exclude: [shape] });
    else components.push({ include: [shape], within: [], exclude: [] });
  }
  return components.length === 1 ? components[0] : { include: components };
}
