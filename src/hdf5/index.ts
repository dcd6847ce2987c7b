/**
 * HDF5 files with a dataset per column, to and from catalogues with units and UCDs.
 *
 * @module
 */
export { catalogFromHdf5, HDF5_START, type Hdf5Options } from "./read.ts";
export { type Hdf5WriteOptions, hdf5FromCatalog } from "./write.ts";
