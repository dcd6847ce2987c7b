/** A server's answer other than success, with its body. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly body: Uint8Array;

  constructor(address: string, status: number, statusText: string, body: Uint8Array) {
    const words = new TextDecoder()
      .decode(body.subarray(0, 300))
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    super(
      `Cannot fetch ${address}: the server must answer with success: it answered ${status} ${statusText}${words ? `: ${words}` : ""}`,
    );
    this.status = status;
    this.body = body;
  }
}
