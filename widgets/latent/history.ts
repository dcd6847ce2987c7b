/** Selections kept for Ctrl+Z. */
const DEPTH = 50;

/** What was selected before, and what was undone since. */
export class SelectionHistory {
  readonly #before: Uint8Array[] = [];
  readonly #undone: Uint8Array[] = [];

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Notes what is selected, before something else is; what was undone is then gone. */
  note(present: Uint8Array): void {
    this.#before.push(present);
    if (this.#before.length > DEPTH) this.#before.shift();
    this.#undone.length = 0;
  }

  /** The selection before the present one; undefined if there was none. */
  undo(present: Uint8Array): Uint8Array | undefined {
    return exchange(this.#before, this.#undone, present);
  }

  /** The selection that was undone last; undefined if there is none. */
  redo(present: Uint8Array): Uint8Array | undefined {
    return exchange(this.#undone, this.#before, present);
  }
}

function exchange(from: Uint8Array[], to: Uint8Array[], present: Uint8Array): Uint8Array | undefined {
  const mask = from.pop();
  if (mask) to.push(present);
  return mask;
}
