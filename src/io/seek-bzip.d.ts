/** The part of seek-bzip that is used here; the package has no types. */
declare module "seek-bzip" {
  interface Input {
    readByte(): number;
    read(into: Uint8Array, start: number, length: number): number;
  }
  const bunzip: { decode(input: Input): Uint8Array };
  export default bunzip;
}
