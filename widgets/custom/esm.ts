import { Script } from "node:vm";

/** What a custom widget does in the browser: functions, or the text of a module that has them. */
export interface FrontEndCode {
  readonly render: ((...args: never[]) => unknown) | string;
  readonly initialize?: ((...args: never[]) => unknown) | undefined;
}

/** A name of the session in a cell's code as it runs, and its `import()`: see kernel/language/boxes.ts. */
const SESSION_NAME = /(?<![\w$.])\$+([A-Za-z_]\w*)\.v\b/;
const SESSION_IMPORT = /(?<![\w$.])\$+import(?=\()/g;

/**
 * The text of the module that a front end loads (anywidget's contract: the default export has `render` and
 * `initialize`). Functions are sent as their source, so they see nothing of the kernel.
 *
 * @throws {TypeError} If a function uses names of the session, or cannot be sent.
 */
export function moduleText({ render, initialize }: FrontEndCode): string {
  if (typeof render === "string") {
    if (/\bexport\b/.test(render)) return render;
    throw new TypeError(
      'Cannot make widget: the text of render must be a module: it must have "export default { render }"',
    );
  }
  const members = [`render: ${sourceOf("render", render)}`];
  if (initialize) members.push(`initialize: ${sourceOf("initialize", initialize)}`);
  return `export default { ${members.join(", ")} };\n`;
}

function sourceOf(name: string, code: (...args: never[]) => unknown): string {
  const text = Function.prototype.toString.call(code).replaceAll(SESSION_IMPORT, "import");
  const [, used] = SESSION_NAME.exec(text) ?? [];
  if (used !== undefined) {
    throw new TypeError(
      `Cannot make widget: ${name} runs in the browser and sees only its arguments: it uses "${used}" of the notebook: a value comes in by the state, the browser's own is globalThis.${used}`,
    );
  }
  if (isExpression(text)) return text;
  // A method: `render({ model, el }) { … }`.
  const method = `Object.values({ ${text} })[0]`;
  if (isExpression(method)) return method;
  throw new TypeError(`Cannot make widget: ${name} must be a function with its source: current value is ${text}`);
}

function isExpression(text: string): boolean {
  try {
    new Script(`(${text}\n)`);
    return true;
  } catch {
    return false;
  }
}
