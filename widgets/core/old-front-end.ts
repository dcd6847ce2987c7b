/*
 * VS Code shows the widgets of kernels that are not Python's with ipywidgets 7, whatever the kernel says
 * (WIDGET_VERSION_NON_PYTHON_KERNELS in microsoft/vscode-jupyter). A model that it does not know leaves everything that
 * refers to it unshown, so the styles that are new in ipywidgets 8 go there as the one that they extend.
 */

const NEW_STYLES: ReadonlySet<string> = new Set([
  "CheckboxStyleModel",
  "HTMLMathStyleModel",
  "HTMLStyleModel",
  "LabelStyleModel",
  "TextStyleModel",
  "ToggleButtonStyleModel",
]);

const NEW_WIDGETS: ReadonlySet<string> = new Set([
  "ColorsInputModel",
  "DatetimeModel",
  "FloatsInputModel",
  "IntsInputModel",
  "NaiveDatetimeModel",
  "StackModel",
  "TagsInputModel",
  "TimeModel",
]);

/**
 * The model's name that the front end knows. It is taken for one with ipywidgets 7 if VS Code has started the kernel, or
 * `PHOTONBOOK_IPYWIDGETS` is 7.
 *
 * @throws {Error} If the front end has no such widget.
 */
export function modelNameThere(name: string): string {
  const version = process.env.PHOTONBOOK_IPYWIDGETS ?? (process.env.VSCODE_PID === undefined ? "8" : "7");
  if (version !== "7") return name;
  if (NEW_WIDGETS.has(name)) {
    throw new Error(
      `Cannot make ${name.replace(/Model$/, "")}: VS Code has the widgets of ipywidgets 7, and it is new in 8: use JupyterLab, or set PHOTONBOOK_IPYWIDGETS=8 where that has changed`,
    );
  }
  return NEW_STYLES.has(name) ? "DescriptionStyleModel" : name;
}
