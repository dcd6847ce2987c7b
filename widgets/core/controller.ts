import { core, register } from "./core-widget.ts";
import { type ControllerAxisTraits, type ControllerButtonTraits, type ControllerTraits, MODELS } from "./models.ts";

/** An axis of a gamepad. */
export class ControllerAxis extends core<ControllerAxisTraits>(MODELS.ControllerAxis) {}
register(MODELS.ControllerAxis, ControllerAxis);

/** A button of a gamepad. */
export class ControllerButton extends core<ControllerButtonTraits>(MODELS.ControllerButton) {}
register(MODELS.ControllerButton, ControllerButton);

/** A gamepad; press one of its buttons to connect it. */
export class Controller extends core<ControllerTraits>(MODELS.Controller) {}
register(MODELS.Controller, Controller);
