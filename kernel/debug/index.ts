/**
 * The debugger: what front ends ask through debug_request, answered from the inspector of the main thread, whose only
 * owner is here.
 *
 * @module
 */
export { Debugger } from "./debugger.ts";
export { MainThread } from "./main-thread.ts";
export type { DebugEvent } from "./protocol.ts";
