const completed = new WeakMap<object, object>();

/**
 * A module's namespace as the type checker sees it. Node finds the names of a CommonJS module by reading its text, and
 * misses those that are made as it runs; and for it the default export of a module that was made from ECMAScript is
 * the whole of `module.exports`. A namespace that is right already is returned as it is.
 */
export function allNames(namespace: object): object {
  const exported: unknown = "module.exports" in namespace ? namespace["module.exports"] : undefined;
  if ((typeof exported !== "object" && typeof exported !== "function") || exported === null) return namespace;
  const done = completed.get(namespace);
  if (done) return done;
  const ownDefault = "__esModule" in exported && exported.__esModule === true && "default" in exported;
  const missed = Object.keys(exported).filter((name) => !(name in namespace));
  if (missed.length === 0 && !ownDefault) return namespace;
  const complete = Object.create(null, { [Symbol.toStringTag]: { value: "Module" } }) as object;
  const define = (name: string, from: object) => {
    Object.defineProperty(complete, name, { enumerable: true, get: () => (from as { [key: string]: unknown })[name] });
  };
  for (const name of Object.keys(namespace)) define(name, ownDefault && name === "default" ? exported : namespace);
  for (const name of missed) define(name, exported);
  completed.set(namespace, complete);
  return complete;
}
