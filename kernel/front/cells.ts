import { cellFile, type LanguageSession } from "../language/index.ts";
import type { CellMark, StackFrame } from "../protocol/channel.ts";
import type { CellLookup, CellPosition, CellSource } from "./traceback.ts";

const KERNEL_URL = new URL("../", import.meta.url);
const CELL_PLACE = /(photonbook-cell-\d+\.js):(\d+):(\d+)/g;

/** The cells that have run, for whoever has to say where in them something happened. */
export class Cells implements CellLookup {
  readonly #sources = new Map<number, CellSource>();
  #session: LanguageSession | undefined;

  constructor(session: Promise<LanguageSession>) {
    session.then(
      (ready) => (this.#session = ready),
      () => undefined,
    );
  }

  add(id: number, source: CellSource): void {
    this.#sources.set(id, source);
  }

  source(cell: number): CellSource | undefined {
    return this.#sources.get(cell);
  }

  /** The code of a cell that has run. */
  find(matches: (code: string) => boolean): string | undefined {
    return [...this.#sources.values()].find(({ code }) => matches(code))?.code;
  }

  /** Names in stack traces of the cells that have run with some code. */
  filesOf(matches: (code: string) => boolean): string[] {
    return [...this.#sources].filter(([, { code }]) => matches(code)).map(([id]) => cellFile(id));
  }

  position(frame: StackFrame): CellPosition | undefined {
    return this.#session?.originalPosition(frame.file, frame.line, frame.column);
  }

  marked({ file, at }: CellMark): CellPosition | undefined {
    return this.#session?.markedPosition(file, at);
  }

  isInternal(file: string): boolean {
    return file.startsWith("node:") || file.startsWith(KERNEL_URL.pathname);
  }

  /** Text with stacks in it, as `console.error(error)` prints, with places in cells and without the kernel's frames. */
  readable(text: string): string {
    if (!text.includes("photonbook-cell-")) return text;
    return text
      .split("\n")
      .filter((line) => !(/^\s+at /.test(line) && line.includes(KERNEL_URL.href)))
      .join("\n")
      .replaceAll(CELL_PLACE, (place, file: string, line: string, column: string) => {
        const position = this.#session?.originalPosition(file, Number(line), Number(column));
        const label = position && this.#sources.get(position.cell)?.label;
        return label === undefined ? place : `Cell ${label} ${position?.line}:${position?.column}`;
      });
  }
}
