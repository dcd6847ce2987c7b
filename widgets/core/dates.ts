import { dateBounded } from "./bounds.ts";
import { core, register } from "./core-widget.ts";
import {
  type DatePickerTraits,
  type DatetimePickerTraits,
  MODELS,
  type NaiveDatetimePickerTraits,
  type TimePickerTraits,
} from "./models.ts";

/** A day, by a calendar. */
export class DatePicker extends core<DatePickerTraits>(MODELS.DatePicker, { rule: dateBounded }) {}
register(MODELS.DatePicker, DatePicker);

/** A moment, picked in the time zone of the browser. */
export class DatetimePicker extends core<DatetimePickerTraits>(MODELS.DatetimePicker, { rule: dateBounded }) {}
register(MODELS.DatetimePicker, DatetimePicker);

/** A day and time without a time zone. */
export class NaiveDatetimePicker extends core<NaiveDatetimePickerTraits>(MODELS.NaiveDatetimePicker, {
  rule: dateBounded,
}) {}
register(MODELS.NaiveDatetimePicker, NaiveDatetimePicker);

/** A time of day. */
export class TimePicker extends core<TimePickerTraits>(MODELS.TimePicker, { rule: dateBounded }) {}
register(MODELS.TimePicker, TimePicker);
