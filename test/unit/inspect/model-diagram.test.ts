import { layOutLayers } from "../../../src/inspect/lay-out-layers";
import { modelDiagram } from "../../../src/inspect/model-diagram";
import type { LayerDescription } from "../../../src/model/describe-model";

const layer = (name: string, type: string, inputs: string[], parameters = 0): LayerDescription => ({
  name,
  type,
  inputs,
  outputShape: [null, 8, 8, 3],
  parameters,
  trainable: parameters,
});

const branches = [
  layer("input", "input", []),
  layer("left", "conv2d", ["input"], 1234),
  layer("right", "conv2d", ["input"], 56),
  layer("deep", "conv2d", ["right"], 78),
  layer("sum", "add", ["left", "deep", "input"]),
];
const box = { width: 200, height: 48 };

describe("layOutLayers", () => {
  test("puts every layer below what it takes, and no two boxes over each other", () => {
    const { boxes, edges, width, height } = layOutLayers(branches, box);
    const y = (name: string) => boxes[branches.findIndex((each) => each.name === name)]?.y as number;
    for (const { name, inputs } of branches)
      for (const input of inputs) expect(y(name)).toBeGreaterThan(y(input) + box.height);
    expect(edges).toHaveLength(6);
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height).toBe(true);
      }
      expect(a.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(a.y + box.height / 2).toBeLessThanOrEqual(height);
    }
  });

  test("a line that passes by a layer goes around its box", () => {
    const { boxes, edges, width } = layOutLayers(branches, box);
    for (const { x } of edges.flat()) expect(x >= 0 && x <= width).toBe(true);
    for (const edge of edges) {
      for (const { x, y } of edge.slice(1, -1)) {
        for (const each of boxes) {
          expect(Math.abs(x - each.x) > box.width / 2 || Math.abs(y - each.y) > box.height / 2).toBe(true);
        }
      }
    }
  });

  test("a stack of a thousand layers, whose names mean something to JavaScript", () => {
    const names = ["__proto__", "constructor", ...Array.from({ length: 1000 }, (_, index) => `layer ${index}`)];
    const { boxes } = layOutLayers(
      names.map((name, index) => layer(name, "dense", index === 0 ? [] : [names[index - 1] as string])),
      box,
    );
    expect(boxes).toHaveLength(1002);
    expect(boxes.every(({ y }, index) => index === 0 || y > (boxes[index - 1]?.y as number))).toBe(true);
  });
});

describe("modelDiagram", () => {
  test("says name, kind, shape and parameters of each layer, as drawing and as text", () => {
    const svg = modelDiagram({ layers: branches }, { title: "Layers of block" });
    expect(svg).toContain("<title>Layers of block</title>");
    expect(svg).toContain(">1,234 parameters<");
    expect(svg).toContain(">[batch, 8, 8, 3]<");
    expect(svg).toContain("sum (add) from left and deep and input: [batch, 8, 8, 3]");
    expect(svg.match(/class="box"/g)).toHaveLength(5);
    expect(svg.match(/class="edge"/g)).toHaveLength(6);
  });

  test("escapes names, loads nothing and runs nothing", () => {
    const svg = modelDiagram({ layers: [layer(`<script>alert("1")</script>&\u0000\uffff`, "input", [])] });
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u0000");
    expect(svg).not.toContain("\uffff");
    expect(svg).toContain("&lt;script&gt;");
    expect(svg).toContain("&amp;");
    expect(svg).not.toMatch(/\bhref=|url\(|@import/);
  });

  test("cuts long names, and has them whole in the title", () => {
    const name = "x".repeat(80);
    const svg = modelDiagram({ layers: [layer(name, "dense", [])] });
    expect(svg).toContain(`>${"x".repeat(29)}…<`);
    expect(svg).toContain(`<title>${name} (dense)`);
    expect(Number(svg.match(/ width="([\d.]+)"/)?.[1])).toBeLessThan(500);
  });
});
