import { kernelHost } from "../../src/host/index.ts";

/**
 * A listener whose output belongs to the cell that adds it, when it is not a cell that calls it. Its error, also one
 * that comes later, is shown there too, and ends nothing.
 */
export function bindToCell<Arguments extends unknown[]>(
  listener: (...args: Arguments) => unknown,
): (...args: Arguments) => void {
  const guarded = (...args: Arguments) => guard(() => listener(...args));
  return kernelHost()?.bind(guarded) ?? guarded;
}

/** Runs what must end nothing; its error is shown where its output goes. */
export function guard(work: () => unknown): void {
  try {
    const result = work();
    if (result instanceof Promise) result.catch(reportListener);
  } catch (error) {
    reportListener(error);
  }
}

function reportListener(error: unknown): void {
  const host = kernelHost();
  if (host) host.reportError("Error in a widget's listener", error);
  else console.error(error);
}
