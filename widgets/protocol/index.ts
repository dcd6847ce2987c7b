export {
  type BufferPath,
  type PackedState,
  packBuffers,
  sameValue,
  unpackBuffers,
  type WidgetState,
  type WidgetValue,
} from "./buffers.ts";
export { WIDGET_MODULE, WIDGET_MODULE_VERSION } from "./version.ts";
export {
  connectWidgets,
  openWidgets,
  WIDGET_PROTOCOL_VERSION,
  WIDGET_VIEW_TYPE,
  WidgetModel,
  type WidgetModelOptions,
} from "./widget-model.ts";
