import { readFileSync } from "node:fs";
import type { CellLanguage } from "../language/index.ts";
import { PROTOCOL_VERSION } from "../protocol/message.ts";

/** This package's version. */
export function packageVersion(): string {
  // From kernel/front or dist/kernel/front.
  for (const up of ["../../", "../../../"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), "utf8"));
      if (name === "photonbook") return version;
    } catch {
      // Not there: look further up.
    }
  }
  return "0.0.0";
}

const LANGUAGES: { readonly [language in CellLanguage]: { readonly name: string; readonly info: object } } = {
  typescript: {
    name: "TypeScript 7",
    info: {
      name: "typescript",
      version: "7.0",
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
  },
  javascript: {
    name: "JavaScript",
    info: {
      name: "javascript",
      version: process.versions.node,
      mimetype: "text/javascript",
      file_extension: ".js",
      pygments_lexer: "javascript",
      codemirror_mode: "javascript",
      nbconvert_exporter: "script",
    },
  },
};

/** The content of kernel_info_reply. */
export function kernelInfo(language: CellLanguage): object {
  const { name, info } = LANGUAGES[language];
  const version = packageVersion();
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "photonbook",
    implementation_version: version,
    language_info: info,
    banner: `Photonbook ${version}: ${name} on Node ${process.versions.node}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: `https://nodejs.org/docs/latest-v${process.versions.node.split(".")[0]}.x/api/` },
    ],
    debugger: true,
    supported_features: ["debugger", "kernel subshells"],
  };
}
