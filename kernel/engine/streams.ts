import { Console } from "node:console";
import { StringDecoder } from "node:string_decoder";

/** Receives what is written to a standard stream. */
export type StreamSink = (name: "stdout" | "stderr", text: string) => void;

/** Sends everything written to process.stdout and process.stderr, console.* included, to a sink. */
export function captureStreams(sink: StreamSink): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    process[name].write = (
      chunk: Uint8Array | string,
      encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      const text =
        typeof chunk === "string"
          ? chunk
          : decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (text !== "") sink(name, text);
      const callback = typeof encodingOrDone === "function" ? encodingOrDone : done;
      if (callback) process.nextTick(callback);
      return true;
    };
  }
  // Node's own console guards every line against errors of the stream, for three times the price; these have none.
  const fast = new Console({ stdout: process.stdout, stderr: process.stderr, ignoreErrors: false, colorMode: false });
  globalThis.console = Object.assign(fast, { Console });
}
