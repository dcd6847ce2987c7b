/** The version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.5";

/** A message's header, with the names it has on the wire. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

/** A JSON object whose fields have not been checked. */
export type Fields = { readonly [key: string]: unknown };

/** One Jupyter message as it was received. */
export interface Message {
  /** ROUTER identities: where a reply goes. On PUB sockets, the topic. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: Partial<Header>;
  readonly metadata: Fields;
  readonly content: Fields;
  /** Raw frames after the content. */
  readonly buffers: readonly Uint8Array[];
}

/** Makes headers for one session of a sender. */
export function headerMaker(session: string, username = "kernel"): (messageType: string) => Header {
  let serial = 0;
  return (messageType) => ({
    msg_id: `${session}_${++serial}`,
    session,
    username,
    date: new Date().toISOString(),
    msg_type: messageType,
    version: PROTOCOL_VERSION,
  });
}

/** Reads a field that should be a string. */
export function stringField(fields: Fields, name: string, fallback = ""): string {
  const value = fields[name];
  return typeof value === "string" ? value : fallback;
}

/** Reads a field that should be a finite number. */
export function numberField(fields: Fields, name: string, fallback: number): number {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

/** Reads a field that should be true or false. */
export function booleanField(fields: Fields, name: string, fallback: boolean): boolean {
  const value = fields[name];
  return typeof value === "boolean" ? value : fallback;
}

/** Reads a field that should be an object. */
export function objectField(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

/** Whether a value is a JSON object (neither null nor an array). */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
