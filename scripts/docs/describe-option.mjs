// What one option of a kind is, read from its zod schema: type, default, description.

const wrappers = new Set(["optional", "default", "prefault", "nullable", "readonly", "nonoptional", "catch"]);

/** `names` maps the `def` of schemas that have a section of their own to its title: describing a schema clones it, not its `def`. */
export function describeOption(schema, { z, names }) {
  let isOptional = false;
  let standard;
  let text = schema.description;
  let inner = schema;
  while (wrappers.has(inner.def.type)) {
    if (inner.def.type === "optional") isOptional = true;
    if (inner.def.type === "default" || inner.def.type === "prefault") standard ??= inner.def.defaultValue;
    inner = inner.def.innerType;
    text ??= inner.description;
  }
  const type = typeOf(inner, { z, names });
  return { type, isRequired: !isOptional && standard === undefined, standard, text: text ?? "" };
}

function typeOf(schema, { z, names }) {
  const name = names.get(schema.def);
  if (name) return `[${linkText(name)}](#${anchor(name)})`;
  if (schema.def.type === "array") return listOf(typeOf(unwrap(schema.def.element), { z, names }));
  const json = z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
  return jsonType(json);
}

function unwrap(schema) {
  return wrappers.has(schema.def.type) ? unwrap(schema.def.innerType) : schema;
}

/** One of "Initializers" is an initializer. */
const linkText = (title) =>
  /^[A-Z]/.test(title)
    ? title
        .toLowerCase()
        .replace(/(?<!s)s$/, "")
        .replace(/sse$/, "ss")
    : title;

const listOf = (type) => `list of ${type}`;

const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");

/** A JSON Schema in a few words. */
function jsonType(json) {
  if (json.const !== undefined) return code(json.const);
  if (json.enum) return json.enum.map(code).join(", ");
  const forms = json.anyOf ?? json.oneOf;
  if (forms) return [...new Set(forms.map(jsonType))].join(" or ");
  if (json.type === "array") return arrayType(json);
  if (json.type === "object") {
    if (json.properties) return `object with ${Object.keys(json.properties).map(code).join(", ")}`;
    return json.additionalProperties ? `object of ${jsonType(json.additionalProperties)}` : "object";
  }
  if (json.type === "integer") return numberType("whole number", json);
  if (json.type === "number") return numberType("number", json);
  if (json.type === "string") return "text";
  if (json.type === "boolean") return "true or false";
  return json.type ?? "any";
}

function arrayType({ items, minItems, maxItems }) {
  if (Array.isArray(items)) return `[${items.map(jsonType).join(", ")}]`;
  const bounds = minItems !== undefined && minItems === maxItems ? `${minItems} ` : "";
  return `list of ${bounds}${items ? jsonType(items) : "anything"}`;
}

function numberType(word, { minimum, exclusiveMinimum, maximum, exclusiveMaximum }) {
  const isSafe = (bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const bounds = [
    isSafe(minimum) && `>= ${minimum}`,
    isSafe(exclusiveMinimum) && `> ${exclusiveMinimum}`,
    isSafe(maximum) && `<= ${maximum}`,
    isSafe(exclusiveMaximum) && `< ${exclusiveMaximum}`,
  ].filter(Boolean);
  return bounds.length > 0 ? `${word} ${bounds.join(" and ")}` : word;
}

export const code = (value) => `\`${JSON.stringify(value)}\``;
