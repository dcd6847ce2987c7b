import { createRequire } from "node:module";
import type PDFDocument from "pdfkit";

/**
 * PDFKit's documents, loaded where they are first used: PDFKit takes as long to load as the rest of the library, and
 * most sessions draw no figure for paper. Text is measured without a promise, hence its CommonJS build.
 */
export function pdfDocument(options: PDFKit.PDFDocumentOptions): PDFKit.PDFDocument {
  const Document = createRequire(import.meta.url)("pdfkit") as typeof PDFDocument;
  return new Document(options);
}
