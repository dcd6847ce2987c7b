export {
  type Comm,
  type CommMessage,
  DISPLAY,
  type Json,
  type JsonObject,
  type KernelHost,
  kernelHost,
  type MimeBundle,
} from "./kernel-host.ts";
