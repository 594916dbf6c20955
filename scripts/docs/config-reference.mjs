import { code, describeOption } from "./describe-option.mjs";

/** The page docs/config.md. `kinds`: what load-kinds.mjs gives. */
export function configReference(kinds) {
  const { z } = kinds;
  const { data, model, train } = kinds.configSchema.shape;
  const sections = [
    [kinds.layerSchema, "Layers"],
    [kinds.initializerSchema, "Initializers"],
    [kinds.regularizerSchema, "Regularizers"],
    [kinds.constraintSchema, "Constraints"],
    [kinds.activationSchema, "Activations"],
    [kinds.splitSchema, "data.split"],
    [kinds.columnsSchema, "columns"],
    [kinds.forecastWindowSchema, "window of a table"],
    [kinds.tokenWindowSchema, "window of a text"],
    [kinds.preprocessOpSchema, "data.preprocess"],
    [kinds.augmentationSchema, "data.augment"],
    [kinds.lossSchema, "Losses"],
    [kinds.metricSchema, "Metrics"],
    [kinds.optimizerSchema, "Optimizers"],
    [kinds.scheduleSchema, "Schedules"],
    [kinds.gradientClippingSchema, "Gradient clipping"],
    [unwrap(data), "data"],
    [unwrap(model), "model"],
    [unwrap(train), "train"],
  ];
  const trainShape = unwrap(train).shape;
  for (const key of ["earlyStopping", "checkpoints", "mlflow"])
    sections.push([unwrap(trainShape[key]), `train.${key}`]);
  // By `def`: describing a schema clones it, but not its definition.
  const names = new Map(sections.map(([schema, title]) => [schema.def, title]));
  const page = { z, names };
  const options = (shape, left = []) => optionTable(shape, left, page);
  const sources = Object.values(kinds.sourceDefinitions);
  const dataOptions = unwrap(data).def.options;
  const commonOfSources = Object.fromEntries(
    Object.entries(dataOptions[0].shape).filter(([key]) => !(key in sources[0].options) && key !== "source"),
  );
  return `${[
    intro,
    ...options(kinds.configSchema.shape),
    defaults,
    "## data",
    "What is learned from. Beside the keys of its source:",
    ...options(commonOfSources),
    "### Sources",
    ...sources.flatMap(({ type, description, options: shape }) => [
      `#### ${code(type)}`,
      description,
      ...options(shape),
    ]),
    "### columns",
    "What is what in a table; one input, and one thing to predict.",
    ...options(kinds.columnsSchema.shape),
    "### window of a table",
    ...options(kinds.forecastWindowSchema.shape),
    "### window of a text",
    ...options(kinds.tokenWindowSchema.shape),
    "### data.split",
    ...options(kinds.splitSchema.shape),
    "### data.preprocess",
    "A list of operations by `op`, done in this order. Image operations come first.",
    ...unionSections(kinds.preprocessOpSchema, "op", kinds.imageOpDefinitions, options),
    "### data.augment",
    "A list of random changes by `op`, done in this order to training images only.",
    ...kindSections(kinds.augmentationDefinitions, options, "####"),
    "## model",
    ...options(unwrap(model).shape),
    "## Layers",
    layerIntro,
    "Keys of every layer:",
    ...options(commonOfLayers(kinds)),
    ...kindSections(kinds.layerDefinitions, options),
    ...schemaSection("## Activations", kinds.activationSchema, page),
    ...schemaSection("## Initializers", kinds.initializerSchema, page),
    ...schemaSection("## Regularizers", kinds.regularizerSchema, page),
    ...schemaSection("## Constraints", kinds.constraintSchema, page),
    "## train",
    ...options(trainShape),
    "### train.earlyStopping",
    ...options(unwrap(trainShape.earlyStopping).shape),
    "### train.checkpoints",
    ...options(unwrap(trainShape.checkpoints).shape),
    "### train.tensorBoard",
    ...options(unwrap(trainShape.tensorBoard).def.options[1].shape),
    "### train.mlflow",
    ...options(unwrap(trainShape.mlflow).shape),
    "## Optimizers",
    kindIntro("adam"),
    ...kindSections(kinds.optimizerDefinitions, options),
    "## Schedules",
    kindIntro("cosine"),
    ...kindSections(kinds.scheduleDefinitions, options),
    ...schemaSection("## Gradient clipping", kinds.gradientClippingSchema, page),
    "## Losses",
    kindIntro("huber"),
    ...kindSections(kinds.lossDefinitions, options),
    "## Metrics",
    kindIntro("accuracy"),
    ...kindSections(kinds.metricDefinitions, options),
  ].join("\n\n")}\n`;
}

/** Keys that all layers have beside their own. */
function commonOfLayers({ layerSchema }) {
  const [first, ...others] = layerSchema.def.options.map((option) => option.shape);
  const isCommon = ([key]) => key !== "type" && others.every((shape) => key in shape);
  return Object.fromEntries(Object.entries(first).filter(isCommon));
}

const intro = `# Config reference

<!-- Written by \`npm run docs\` from the sources; changes by hand are lost. -->

A config is one JSON file. Unknown keys are refused. Relative paths in it are relative to the file. \`key.path=value\` on the
command line overrides any key for one run (\`train.epochs=5\`, \`model.layers[0].filters=16\`); the value is read as JSON,
else as text. \`dlctl schema\` prints the JSON Schema, with which editors complete and check a config; \`dlctl validate\`
also checks what a schema can't: shapes, the keys against each other, and the data.

**Bold** keys must be given.`;

const defaults = `Names are TensorFlow.js's, defaults are Keras 3's. Where TensorFlow.js used alone has another default:

| what | default here | TensorFlow.js's |
| --- | --- | --- |
| kernels of \`dense\`, \`conv1d\`, \`conv2d\`, \`conv3d\`, their transposes and \`depthwiseConv2d\` | \`glorotUniform\` | \`glorotNormal\` |
| learning rate of \`adagrad\` by name | 0.001 | 0.01 |
| learning rate of \`adamax\` | 0.001 | 0.002 |
| learning rate of \`adadelta\` by name | 0.001 | 1 |`;

const layerIntro = `A stack, read from top to bottom: each layer takes what the one before it puts out. A layer may have a \`name\`; one with
\`"inputs": ["a", "b"]\` takes the outputs of the layers named so (\`"input"\` is the model's input), which joins and
branches. The defaults are Keras 3's.`;

const kindIntro = (name) =>
  `A name alone (\`"${name}"\`), where no option must be given, or an object with the name as \`type\` and options.`;

const wrappers = new Set(["optional", "default", "prefault", "nullable"]);

function unwrap(schema) {
  return wrappers.has(schema.def.type) ? unwrap(schema.def.innerType) : schema;
}

/** The table of `shape`'s options but those in `left`; nothing when there are none. */
function optionTable(shape, left, page) {
  const rows = Object.entries(shape)
    .filter(([key]) => !left.includes(key))
    .map(([key, schema]) => {
      const { type, isRequired, standard, text } = describeOption(schema, page);
      const name = isRequired ? `**\`${key}\`**` : `\`${key}\``;
      return `| ${[name, type, standard === undefined ? "" : code(standard), text].map(cell).join(" | ")} |`;
    });
  if (rows.length === 0) return [];
  return [["| key | type | default | |", "| --- | --- | --- | --- |", ...rows].join("\n")];
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function kindSections(definitions, options, level = "###") {
  return Object.values(definitions).flatMap(({ type, description, shape, options: own }) => [
    `${level} ${type}`,
    [description, ...(shape ? [`Shape: \`${shape}\``] : [])].join(" "),
    ...options(own),
  ]);
}

/** As kindSections for a discriminated union of objects, with descriptions of `definitions` where the schemas have none. */
function unionSections(union, key, definitions, options) {
  return union.def.options.flatMap((schema) => {
    const [type] = schema.shape[key].def.values;
    return [
      `#### ${type}`,
      schema.description ?? definitions[type]?.description ?? "",
      ...options(schema.shape, [key]),
    ];
  });
}

/** A section for a schema that is no list of kinds: what it may be, form by form. */
function schemaSection(title, schema, page) {
  const lines = formsOf(schema).flatMap((form) => {
    if (form.def.type === "enum") return [`${Object.values(form.def.entries).map(code).join(", ")}`];
    if (form.def.type !== "object") return [];
    const [key, literal] = Object.entries(form.shape).find(([, value]) => value.def.type === "literal") ?? [];
    const heading = literal ? [`### ${literal.def.values[0]}`] : [];
    return [
      ...heading,
      ...(form.description ? [form.description] : []),
      ...optionTable(form.shape, key ? [key] : [], page),
    ];
  });
  const text = schema.description ? [schema.description] : [];
  return [title, ...text, ...lines];
}

function formsOf(schema) {
  const { type, options, in: input, innerType } = schema.def;
  if (type === "union") return options.flatMap(formsOf);
  if (type === "pipe") return formsOf(input);
  if (innerType) return formsOf(innerType);
  return [schema];
}
