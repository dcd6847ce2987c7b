export {
  type BrowserModel,
  type CustomState,
  CustomWidget,
  type CustomWidgetOptions,
  type RenderContext,
  widget,
} from "./model.ts";
