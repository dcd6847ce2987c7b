export {
  type BufferPath,
  isReference,
  type PackedState,
  packBuffers,
  sameValue,
  unpackBuffers,
  type WidgetReference,
  type WidgetState,
  type WidgetValue,
} from "./buffers.ts";
export { bindToCell, guard } from "./listeners.ts";
export {
  connectWidgets,
  openWidget,
  openWidgets,
  registerWidget,
  WIDGET_PROTOCOL_VERSION,
} from "./registry.ts";
export { WIDGET_MODULE, WIDGET_MODULE_VERSION } from "./version.ts";
export { type StateRule, WIDGET_VIEW_TYPE, WidgetModel, type WidgetModelOptions } from "./widget-model.ts";
