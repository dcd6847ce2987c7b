/**
 * What notebooks written for tslab import from "tslab": in cells, this module stands in its place.
 *
 * @module
 */
import { packageVersion } from "../front/kernel-info.ts";
import type { DisplayHandle } from "./globals.ts";

/** Shows text and bytes of common types. */
export interface Display {
  javascript(code: string): void;
  html(code: string): void;
  markdown(text: string): void;
  latex(text: string): void;
  svg(code: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  /** Shows data of any MIME type; bytes travel as base64. */
  raw(mimeType: string, data: string | Uint8Array): void;
}

/** Versions of the kernel (in tslab's place) and of what it runs on. */
export const versions = { tslab: packageVersion(), typescript: "7.0", node: process.versions.node };

/** Shows each thing below the last. */
export const display: Display = displayWith((data) => void globalThis.display(data));

/** A place in the output of its own: each thing shown there replaces the one before. */
export function newDisplay(): Display {
  let handle: DisplayHandle | undefined;
  return displayWith((data) => {
    if (handle) handle.update(data);
    else handle = globalThis.display(data);
  });
}

function displayWith(show: (data: { [mimeType: string]: string }) => void): Display {
  const raw = (mimeType: string, data: string | Uint8Array) => {
    show({ [mimeType]: typeof data === "string" ? data : Buffer.from(data).toString("base64") });
  };
  return {
    javascript: (code) => raw("application/javascript", code),
    html: (code) => raw("text/html", code),
    markdown: (text) => raw("text/markdown", text),
    latex: (text) => raw("text/latex", text),
    svg: (code) => raw("image/svg+xml", code),
    png: (bytes) => raw("image/png", bytes),
    jpeg: (bytes) => raw("image/jpeg", bytes),
    gif: (bytes) => raw("image/gif", bytes),
    pdf: (bytes) => raw("application/pdf", bytes),
    text: (text) => raw("text/plain", text),
    raw,
  };
}
