export {
  type Comm,
  type CommMessage,
  DISPLAY,
  type Json,
  type JsonObject,
  type KernelHost,
  kernelHost,
  type MimeBundle,
  type OutputTarget,
} from "./kernel-host.ts";
export { type Progress, type ProgressDisplay, progressDisplay } from "./progress-display.ts";
