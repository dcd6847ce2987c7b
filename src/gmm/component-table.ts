import { categoryColor } from "../plot/index.ts";

/**
 * A mixture's components as a table for a notebook: number, weight, and how many rows each holds where that is known.
 *
 * @param lines What stands above the table; the first line is the title.
 */
export function componentTable(
  lines: readonly string[],
  weights: Float64Array,
  sizes?: Int32Array,
): { "text/html": string; "text/plain": string } {
  const heaviest = Math.max(...weights);
  const html = Array.from(weights, (weight, k) => {
    const color = categoryColor(k);
    const size = sizes ? `<td style="text-align:right">${sizes[k]}</td>` : "";
    return (
      `<tr><td><span style="display:inline-block;width:.7em;height:.7em;border-radius:50%;background:${color}"></span> ${k}</td>` +
      `<td style="text-align:right">${weight.toFixed(4)}</td>${size}` +
      `<td><div style="height:.7em;width:${((100 * weight) / heaviest).toFixed(1)}px;background:${color}"></div></td></tr>`
    );
  });
  const plain = Array.from(weights, (weight, k) => {
    const size = sizes ? `  ${String(sizes[k]).padStart(6)}` : "";
    return `${String(k).padStart(9)}  ${weight.toFixed(4)}${size}`;
  });
  const [title = "", ...rest] = lines;
  return {
    "text/plain": [...lines, `component  weight${sizes ? "    size" : ""}`, ...plain].join("\n"),
    "text/html":
      `<div><div><b>${title}</b></div>${rest.map((line) => `<div>${line}</div>`).join("")}<table><thead><tr>` +
      `<th>component</th><th>weight</th>${sizes ? "<th>size</th>" : ""}<th></th></tr></thead>` +
      `<tbody>${html.join("")}</tbody></table></div>`,
  };
}
