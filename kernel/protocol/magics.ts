/** Magics of one line; those that time take code, the rest take text. */
export const LINE_MAGICS = [
  "bash",
  "cd",
  "env",
  "install",
  "load",
  "lsmagic",
  "pwd",
  "reset",
  "sh",
  "time",
  "timeit",
  "who",
  "whos",
] as const;

/** Magics of whole cells; the language session itself sees to `nocheck`, `time` and `timeit`. */
export const CELL_MAGICS = [
  "bash",
  "html",
  "javascript",
  "latex",
  "markdown",
  "nocheck",
  "script",
  "sh",
  "svg",
  "time",
  "timeit",
  "writefile",
] as const;
