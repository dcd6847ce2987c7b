import SVGtoPDF from "svg-to-pdfkit";
import { fontFile } from "./fonts.ts";
import { pdfDocument } from "./pdfkit.ts";
import type { Drawing } from "./render.ts";

/** The day all files are dated, so that the same figure is the same bytes. */
const DATE = new Date(Date.UTC(2000, 0, 1));

/**
 * A drawing as a one-page vector PDF of the drawing's size, fonts embedded as TrueType subsets.
 *
 * @throws {TypeError} If the drawing holds what the conversion cannot show.
 */
export async function drawingToPdf(drawing: Drawing, title: string): Promise<Uint8Array<ArrayBuffer>> {
  const problems: string[] = [];
  const document = pdfDocument({
    size: [drawing.width, drawing.height],
    margin: 0,
    info: { Title: title, Producer: "photonbook", Creator: "photonbook", CreationDate: DATE, ModDate: DATE },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  SVGtoPDF(document, drawing.svg, 0, 0, {
    assumePt: true,
    width: drawing.width,
    height: drawing.height,
    fontCallback: (family, bold, italic) => fontFile({ family, bold, italic }),
    warningCallback: (problem) => problems.push(problem),
  });
  if (problems.length > 0) throw new TypeError(`Cannot write PDF: ${[...new Set(problems)].join("; ")}`);
  document.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}
