/**
 * Decodes PLIO_1, IRAF's lists of runs for masks.
 *
 * @param words One compressed tile: 16-bit words, a header and instructions.
 * @param count Pixels of the tile.
 * @returns Undefined where the words end early or fill more than the tile.
 * @see FITS Standard 4.0, section 10.4.3
 */
export function decodePlio(words: ArrayLike<number>, count: number): Int32Array | undefined {
  const out = new Int32Array(count);
  // Two headers: the older says its length in word 2, the newer in words 3 and 4 and its own size in word 1
  const older = (words[2] ?? 0) > 0;
  const length = older ? (words[2] as number) : ((words[4] ?? 0) << 15) + (words[3] ?? 0);
  if (length > words.length) return undefined;
  let [value, at] = [1, 0];
  for (let i = older ? 3 : (words[1] ?? 0); i < length; i++) {
    const word = words[i] as number;
    const [code, data] = [(word >> 12) & 7, word & 4095];
    if (code === 1) value = ((words[++i] ?? 0) << 12) + data;
    else if (code === 2) value += data;
    else if (code === 3) value -= data;
    else {
      if (code === 6) value += data;
      if (code === 7) value -= data;
      const run = code > 5 ? 1 : data;
      if (at + run > count) return undefined;
      // 0: zeros; 4: a run of the value; 5: zeros, then the value; 6 and 7: the changed value once
      if (code === 4) out.fill(value, at, at + run);
      else if (code >= 5 && run > 0) out[at + run - 1] = value;
      at += run;
    }
  }
  return out;
}
