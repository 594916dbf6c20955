import fc from "fast-check";
import { formatConfig } from "../../../src/init/format-config";
import { templates } from "../../../src/init/templates";

describe("formatConfig", () => {
  test("a layer is a line, what is outermost is opened", () => {
    expect(
      formatConfig({
        name: "a",
        data: { path: "x", split: { validation: 0.2 } },
        model: { layers: [{ type: "flatten" }, { type: "dense", units: 3 }] },
      }),
    ).toBe(`{
  "name": "a",
  "data": {
    "path": "x",
    "split": { "validation": 0.2 }
  },
  "model": {
    "layers": [{ "type": "flatten" }, { "type": "dense", "units": 3 }]
  }
}
`);
  });

  test.each(Object.entries(templates))("template %s has no line over 120 characters", (_, { config }) => {
    for (const line of formatConfig(config).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("is the same JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(formatConfig(plain))).toEqual(plain);
      }),
    );
  });
});
