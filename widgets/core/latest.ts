/**
 * Turns callbacks into values for `for await`; of those that come while nobody waits, only the newest is kept.
 *
 * @param listen Starts to listen, with what to call for a value and at the end. Returns the removal.
 */
export function latest<T>(listen: (push: (value: T) => void, end: () => void) => () => void): AsyncIterableIterator<T> {
  let kept: { readonly value: T } | undefined;
  let wake: (() => void) | undefined;
  let ended = false;
  const settle = () => {
    wake?.();
    wake = undefined;
  };
  const finish = () => {
    ended = true;
    settle();
  };
  const remove = listen((value) => {
    kept = { value };
    settle();
  }, finish);
  const next = async (): Promise<IteratorResult<T>> => {
    while (!kept && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (!kept) return { done: true, value: undefined };
    const { value } = kept;
    kept = undefined;
    return { done: false, value };
  };
  return {
    next,
    return: async () => {
      remove();
      finish();
      kept = undefined;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
