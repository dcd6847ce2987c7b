import { allocate, type NumericArray } from "./decode.ts";
import type { Header } from "./header.ts";
import { axes } from "./layout.ts";
import { type Decoded, decodeBlock, type Scaling, toPhysical } from "./scale.ts";
import type { TypeCode } from "./tform.ts";

/** One parameter of random groups, a value per group. Parameters of the same name are to be added. */
export interface GroupParameter {
  /** PTYPEn. */
  readonly name: string;
  readonly data: NumericArray;
}

/** The data of a random groups HDU. */
export interface RandomGroups extends Decoded {
  readonly parameters: readonly GroupParameter[];
  /** Number of groups, then the extents of one group's array, slowest first. */
  readonly shape: readonly number[];
}

/** True for a primary header whose data are random groups. */
export function hasGroups(header: Header): boolean {
  const extents = axes(header);
  return header.get("GROUPS") === true && extents[0] === 0 && extents.length > 1;
}

/**
 * Decodes random groups: PCOUNT parameters and an array, GCOUNT times.
 *
 * @throws {FitsError} If there are more than 999 parameters.
 * @see FITS standard 4.0, section 6
 */
export function decodeGroups(
  header: Header,
  view: DataView,
  type: Exclude<TypeCode, "A">,
  scaling: Scaling,
): RandomGroups {
  const extents = axes(header).slice(1).reverse();
  const [nGroups, nParameters] = [header.integer("GCOUNT", { fallback: 1 }), header.integer("PCOUNT", { fallback: 0 })];
  if (nParameters > 999) throw header.error("PCOUNT", `must be 0–999: current value is ${nParameters}`);
  const perGroup = extents.reduce((product, extent) => product * extent, 1);
  const raw = decodeBlock(view, 0, nGroups * (nParameters + perGroup), type);
  const pick = (start: number, n: number) => {
    const out = allocate(type, nGroups * n);
    for (let group = 0; n > 0 && group < nGroups; group++) {
      const from = group * (nParameters + perGroup) + start;
      (out as Float64Array).set(raw.subarray(from, from + n) as Float64Array, group * n);
    }
    return out;
  };
  const parameters = Array.from({ length: nParameters }, (_, i): GroupParameter => {
    const [scale, zero] = [header.number(`PSCAL${i + 1}`, 1), header.number(`PZERO${i + 1}`, 0)];
    const { data } = toPhysical(pick(i, 1), type, { scale, zero });
    return { name: String(header.get(`PTYPE${i + 1}`) ?? "").trim(), data };
  });
  return { ...toPhysical(pick(nParameters, perGroup), type, scaling), parameters, shape: [nGroups, ...extents] };
}
