import path from "node:path";
import { pathToFileURL } from "node:url";
import { PACKAGE_ROOT } from "./config.ts";
import type { LspDiagnostic } from "./diagnostics.ts";
import type { FileChange } from "./local-files.ts";
import { LspClient, typescriptBinary } from "./lsp-client.ts";

const PREFERENCES = {
  includeCompletionsForModuleExports: false,
  includeCompletionsForImportStatements: false,
  suggest: { autoImports: false, completeFunctionCalls: false },
};

/** Otherwise the server runs `npm install` for types of packages behind the user's back. */
const NO_ACQUISITION = { automaticTypeAcquisition: { enabled: false } };

interface ConfigurationParams {
  items: { section?: string }[];
}

/** The in-memory documents of one notebook on one language server, which is started again if it ends. */
export class Documents {
  readonly #dir: string;
  readonly #configName: string;
  readonly #config: string;
  readonly #open = new Map<string, { text: string; version: number }>();
  #client: Promise<LspClient>;
  #closed = false;

  constructor(dir: string, configName: string, config: string) {
    this.#dir = dir;
    this.#configName = configName;
    this.#config = config;
    this.#client = this.#connect();
  }

  async #connect(): Promise<LspClient> {
    const configured = Promise.withResolvers<void>();
    const client = new LspClient(await typescriptBinary(), PACKAGE_ROOT, (method, params) => {
      if (method !== "workspace/configuration") return null;
      configured.resolve();
      return this.#configuration(params as ConfigurationParams);
    });
    await client.request("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(this.#dir).href,
      initializationOptions: { disablePushDiagnostics: true },
      capabilities: {
        general: { positionEncodings: ["utf-16"] },
        workspace: { configuration: true },
        textDocument: {
          diagnostic: {},
          completion: { completionItem: { documentationFormat: ["markdown"], snippetSupport: false } },
          hover: { contentFormat: ["markdown"] },
          signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
        },
      },
    });
    client.notify("initialized", {});
    await configured.promise;
    // The settings count from the next request on. A document that is opened before, the configuration included, has the
    // server look for a tsconfig.json above the notebook and load all that it leads to.
    await client.request("workspace/symbol", { query: "" });
    this.#didOpen(client, this.#configName, this.#config, "json");
    for (const [name, { text }] of this.#open) this.#didOpen(client, name, text);
    return client;
  }

  #configuration({ items }: ConfigurationParams): unknown[] {
    return items.map(({ section }) => {
      if (section === "js/ts") {
        const customConfigFileName = this.#configName;
        return { customConfigFileName, "native-preview": { customConfigFileName }, tsserver: NO_ACQUISITION };
      }
      return section === "typescript" || section === "javascript" ? { preferences: PREFERENCES, ...PREFERENCES } : null;
    });
  }

  /** Opens a document, or replaces its text. The server keeps what it knows of one whose text stays the same. */
  async set(name: string, text: string): Promise<void> {
    const client = await this.#client;
    const open = this.#open.get(name);
    if (open?.text === text) return;
    if (open) {
      open.text = text;
      open.version++;
      const textDocument = { uri: this.uri(name), version: open.version };
      client.notify("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    } else {
      this.#open.set(name, { text, version: 1 });
      this.#didOpen(client, name, text);
    }
  }

  /** Closes a document if it is open. */
  async remove(name: string): Promise<void> {
    if (!this.#open.delete(name)) return;
    (await this.#client).notify("textDocument/didClose", { textDocument: { uri: this.uri(name) } });
  }

  /** Names of the open documents. */
  names(): string[] {
    return [...this.#open.keys()];
  }

  /** Errors and warnings of one document. */
  async diagnose(name: string): Promise<LspDiagnostic[]> {
    const report = await this.request<{ items?: LspDiagnostic[] } | null>("textDocument/diagnostic", name, {});
    return report?.items ?? [];
  }

  /** Sends a request about a document; asks a fresh server once more if the server ended meanwhile. */
  async request<T>(method: string, name: string, params: object): Promise<T> {
    const message = { textDocument: { uri: this.uri(name) }, ...params };
    const client = await this.#client;
    try {
      return await client.request<T>(method, message);
    } catch (error) {
      if (this.#closed || !client.ended) throw error;
      this.#client = this.#restarted(client);
      return (await this.#client).request<T>(method, message);
    }
  }

  /** One new connection, however many requests found the old one ended. */
  #restarting: { from: LspClient; to: Promise<LspClient> } | undefined;

  #restarted(from: LspClient): Promise<LspClient> {
    if (this.#restarting?.from !== from) this.#restarting = { from, to: this.#connect() };
    return this.#restarting.to;
  }

  /** Tells the server what happened to files on disk. */
  async filesChanged(changes: readonly FileChange[]): Promise<void> {
    const events = changes.map(({ file, type }) => ({ uri: pathToFileURL(file).href, type }));
    (await this.#client).notify("workspace/didChangeWatchedFiles", { changes: events });
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.#dir, name)).href;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#client).close();
  }

  #didOpen(client: LspClient, name: string, text: string, languageId = "typescript") {
    client.notify("textDocument/didOpen", { textDocument: { uri: this.uri(name), languageId, version: 1, text } });
  }
}
