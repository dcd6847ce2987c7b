import type { WidgetValue } from "../protocol/index.ts";

/** Dates and times: strings in ISO 8601 where no zone is meant, a Date where a moment is. */
export type DateKind = "date" | "time" | "datetime" | "naiveDatetime";

interface Codec {
  /** What travels for a value that a cell gave, or that has arrived. */
  check(value: unknown, label: string): WidgetValue;
  /** What cells see. */
  read(wire: unknown): unknown;
}

/** As ipywidgets serialises them; months count from 0. */
type DateFields = {
  readonly year: number;
  readonly month: number;
  readonly date: number;
};
type TimeFields = {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
};

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;
const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** How each kind of date travels. */
export const DATE_KINDS: { readonly [kind in DateKind]: Codec } = {
  date: {
    check: (value, label) =>
      hasFields(value, ["year", "month", "date"]) ? value : (readDate(value) ?? refuse(label, "YYYY-MM-DD", value)),
    read: (wire) => dateText(wire as DateFields),
  },
  time: {
    check: (value, label) =>
      hasFields(value, ["hours", "minutes"]) ? value : (readTime(value) ?? refuse(label, "hh:mm:ss.sss", value)),
    read: (wire) => timeText(wire as TimeFields),
  },
  naiveDatetime: {
    check: (value, label) =>
      hasFields(value, ["year", "hours"]) ? value : (readBoth(value) ?? refuse(label, "YYYY-MM-DDThh:mm:ss", value)),
    read: (wire) => `${dateText(wire as DateFields)}T${timeText(wire as TimeFields)}`,
  },
  datetime: {
    check: (value, label) => {
      if (hasFields(value, ["year", "hours"])) return value;
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) return refuse(label, "a valid Date", value);
      return {
        year: value.getUTCFullYear(),
        month: value.getUTCMonth(),
        date: value.getUTCDate(),
        hours: value.getUTCHours(),
        minutes: value.getUTCMinutes(),
        seconds: value.getUTCSeconds(),
        milliseconds: value.getUTCMilliseconds(),
      };
    },
    read: (wire) => {
      const { year, month, date, hours, minutes, seconds, milliseconds } = wire as DateFields & TimeFields;
      const moment = new Date(Date.UTC(2000, month, date, hours, minutes, seconds, milliseconds));
      moment.setUTCFullYear(year, month, date);
      return moment;
    },
  },
};

function hasFields(value: unknown, names: readonly string[]): value is { readonly [name: string]: number } {
  return typeof value === "object" && value !== null && names.every((name) => Number.isFinite((value as never)[name]));
}

function readDate(value: unknown): DateFields | undefined {
  const match = typeof value === "string" ? DATE.exec(value) : null;
  if (!match) return undefined;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  // Refuses the 30th of February.
  const isDay = new Date(Date.UTC(2000, month - 1, date)).setUTCFullYear(year, month - 1, date);
  return new Date(isDay).getUTCDate() === date && month >= 1 && month <= 12
    ? { year, month: month - 1, date }
    : undefined;
}

function readTime(value: unknown): TimeFields | undefined {
  const match = typeof value === "string" ? TIME.exec(value) : null;
  if (!match) return undefined;
  const [hours, minutes, seconds] = match.slice(1, 4).map((part) => Number(part ?? 0)) as [number, number, number];
  const milliseconds = Number((match[4] ?? "0").padEnd(3, "0"));
  return hours < 24 && minutes < 60 && seconds < 60 ? { hours, minutes, seconds, milliseconds } : undefined;
}

function readBoth(value: unknown): (DateFields & TimeFields) | undefined {
  const [day, clock, ...rest] = typeof value === "string" ? value.split("T") : [];
  const [date, time] = [readDate(day), readTime(clock)];
  return date && time && rest.length === 0 ? { ...date, ...time } : undefined;
}

function dateText({ year, month, date }: DateFields): string {
  return `${pad(year, 4)}-${pad(month + 1)}-${pad(date)}`;
}

function timeText({ hours, minutes, seconds = 0, milliseconds = 0 }: TimeFields): string {
  const part = milliseconds > 0 ? `.${pad(Math.floor(milliseconds), 3)}` : "";
  return `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${part}`;
}

function refuse(label: string, format: string, value: unknown): never {
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new TypeError(`Cannot set ${label}: it must be ${format}: current value is ${found}`);
}
