import { crc32 } from "node:zlib";
import { FONT_FILES } from "./fonts.ts";
import type { Drawing } from "./render.ts";

/** A drawing as PNG at a resolution in dots per inch, which the file states, so that it keeps its printed size. */
export async function drawingToPng(drawing: Drawing, dpi: number): Promise<Uint8Array<ArrayBuffer>> {
  const { Resvg } = await import("@resvg/resvg-js");
  const image = new Resvg(drawing.svg, {
    fitTo: { mode: "zoom", value: dpi / 72 },
    background: "white",
    font: { loadSystemFonts: false, fontFiles: [...FONT_FILES], defaultFontFamily: "DejaVu Sans" },
  }).render();
  return withResolution(new Uint8Array(image.asPng()), dpi);
}

/** Inserts a pHYs chunk (pixels per metre) after the header, which is always 33 bytes long. */
function withResolution(png: Uint8Array, dpi: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  chunk[16] = 1;
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, 33));
  out.set(chunk, 33);
  out.set(png.subarray(33), 33 + chunk.length);
  return out;
}
