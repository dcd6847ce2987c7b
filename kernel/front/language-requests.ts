import type { LanguageSession } from "../language/index.ts";
import { type Fields, numberField, stringField } from "../protocol/message.ts";
import { codePointOffset, utf16Offset } from "./text-position.ts";

/** Makes the content of a reply from the content of a request. */
export type Handler = (content: Fields) => Promise<object> | object;

/** Answers what front ends ask about code that is being written. Positions count code points on the wire. */
export function languageHandlers(session: Promise<LanguageSession>): { readonly [type: string]: Handler } {
  return {
    is_complete_request: async (content) => (await session).isComplete(stringField(content, "code")),
    complete_request: async (content) => complete(await session, content),
    inspect_request: async (content) => inspect(await session, content),
  };
}

async function complete(session: LanguageSession, content: Fields): Promise<object> {
  const { code, cursor } = codeAndCursor(content);
  const { matches, cursorStart, cursorEnd, types } = await session.complete(code, cursor);
  return {
    status: "ok",
    matches,
    cursor_start: codePointOffset(code, cursorStart),
    cursor_end: codePointOffset(code, cursorEnd),
    metadata: { _jupyter_types_experimental: types },
  };
}

async function inspect(session: LanguageSession, content: Fields): Promise<object> {
  const { code, cursor } = codeAndCursor(content);
  const { found, markdown, plain } = await session.inspect(code, cursor, numberField(content, "detail_level", 0));
  const data = {
    ...(markdown !== undefined && { "text/markdown": markdown }),
    ...(plain !== undefined && { "text/plain": plain }),
  };
  return { status: "ok", found, data, metadata: {} };
}

function codeAndCursor(content: Fields): { code: string; cursor: number } {
  const code = stringField(content, "code");
  return { code, cursor: utf16Offset(code, numberField(content, "cursor_pos", code.length)) };
}
