export { Accordion, Box, GridBox, HBox, Stack, Tab, VBox } from "./boxes.ts";
export { Button } from "./button.ts";
export { Controller, ControllerAxis, ControllerButton } from "./controller.ts";
export { CoreWidget, type OptionsOf } from "./core-widget.ts";
export { DatePicker, DatetimePicker, NaiveDatetimePicker, TimePicker } from "./dates.ts";
export { type Interactive, interact, interactive, interactManual } from "./interact.ts";
export { DirectionalLink, dlink, jsdlink, jslink, type KernelLink, Link, link } from "./links.ts";
export { Audio, Image, Media, Video } from "./media.ts";
export {
  BoundedFloatText,
  BoundedIntText,
  FloatLogSlider,
  FloatProgress,
  FloatRangeSlider,
  FloatSlider,
  FloatText,
  IntProgress,
  IntRangeSlider,
  IntSlider,
  IntText,
  Play,
} from "./numbers.ts";
export type { Options } from "./options.ts";
export { Output } from "./output.ts";
export { fixed, type Parameters, type ValuesOf } from "./parameters.ts";
export {
  Dropdown,
  RadioButtons,
  Select,
  SelectionRangeSlider,
  SelectionSlider,
  SelectMultiple,
  ToggleButtons,
} from "./selection.ts";
export {
  ButtonStyle,
  CheckboxStyle,
  DescriptionStyle,
  HTMLMathStyle,
  HTMLStyle,
  LabelStyle,
  Layout,
  ProgressStyle,
  SliderStyle,
  TextStyle,
  ToggleButtonStyle,
  ToggleButtonsStyle,
} from "./styles.ts";
export { ColorsInput, FloatsInput, IntsInput, TagsInput } from "./tags.ts";
export {
  Checkbox,
  ColorPicker,
  Combobox,
  HTML,
  HTMLMath,
  Label,
  Password,
  Text,
  Textarea,
  ToggleButton,
  Valid,
} from "./text.ts";
export { FileUpload, type UploadedFile } from "./upload.ts";
export { type Change, type TraitName, Widget } from "./widget.ts";
