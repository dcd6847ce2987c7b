import type { Received, TestClient } from "./client.ts";

/** A debugger's front end: speaks the Debug Adapter Protocol over a test client, in JupyterLab's order. */
export class DebugClient {
  readonly client: TestClient;
  #seq = 0;
  #seen = 0;

  constructor(client: TestClient) {
    this.client = client;
  }

  /** Sends a request; its whole reply. */
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of the body.
  async request(command: string, args: object = {}): Promise<any> {
    const content = { type: "request", seq: ++this.#seq, command, arguments: args };
    return (await this.client.request("debug_request", content, { channel: "control" })).reply.content;
  }

  /** Sends a request that must succeed; the body of its reply. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  async ask(command: string, args: object = {}): Promise<any> {
    const { success, message, body } = await this.request(command, args);
    if (!success) throw new Error(`${command}: ${message}`);
    return body;
  }

  async attach(): Promise<void> {
    await this.ask("debugInfo");
    await this.ask("initialize", { clientID: "test", linesStartAt1: true });
    await this.ask("attach");
    await this.event("initialized");
    await this.ask("configurationDone");
  }

  /** Waits for the next event of a kind. */
  async event(name: string): Promise<Received> {
    return this.client.until(() => {
      const index = this.client.published.findIndex(
        ({ type, content }, at) => at >= this.#seen && type === "debug_event" && content.event === name,
      );
      if (index < 0) return undefined;
      this.#seen = index + 1;
      return this.client.published[index];
    }, 10_000);
  }

  /** Sets breakpoints in a cell that is still to run; the lines where they are. */
  async breakAt(code: string, ...lines: number[]): Promise<number[]> {
    const { sourcePath } = await this.ask("dumpCell", { code });
    return this.breakIn(sourcePath, ...lines);
  }

  async breakIn(path: string, ...lines: number[]): Promise<number[]> {
    const asked = { source: { path }, breakpoints: lines.map((line) => ({ line })), sourceModified: false };
    const { breakpoints } = await this.ask("setBreakpoints", asked);
    return breakpoints.map(({ line }: { line: number }) => line);
  }

  /** Waits for a stop; its reason and the stack, as `name:line`. */
  async stopped(): Promise<{ reason: string; stack: string[]; frame: number; path: string }> {
    const { content } = await this.event("stopped");
    const { stackFrames } = await this.ask("stackTrace", { threadId: content.body.threadId });
    const stack = stackFrames.map(({ name, line }: { name: string; line: number }) => `${name}:${line}`);
    return { reason: content.body.reason, stack, frame: stackFrames[0]?.id, path: stackFrames[0]?.source.path };
  }

  /** The variables of a frame, by scope and name. */
  async variables(frameId: number): Promise<Record<string, Record<string, string>>> {
    const { scopes } = await this.ask("scopes", { frameId });
    const result: Record<string, Record<string, string>> = {};
    for (const { name, variablesReference } of scopes) result[name] = await this.below(variablesReference);
    return result;
  }

  /** What is below a reference, by name. */
  async below(variablesReference: number): Promise<Record<string, string>> {
    const { variables } = await this.ask("variables", { variablesReference });
    return Object.fromEntries(variables.map(({ name, value }: { name: string; value: string }) => [name, value]));
  }

  /** The value of an expression in a frame, or of the session. */
  async evaluate(expression: string, frameId?: number): Promise<string> {
    return (await this.ask("evaluate", { expression, frameId, context: "repl" })).result;
  }
}
