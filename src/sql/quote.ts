/** A name in double quotes for SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in quotes for SQL. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
